using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>From acceptance to the decision, for what takes days.</summary>
internal sealed class Handling(DemoCase one, int pressure)
{
    private readonly HallTime _time = one.Time;
    private readonly DemoRandom _random = one.Random;

    // The day the rest of the promise counts from, how many days are left of it, and how far the story has got.
    private LocalDate _from;
    private int _left;
    private Instant _now;

    // When the papers tolerated as missing are brought, and who takes the case over, if it still goes on.
    private Instant? _brought;
    private (Instant At, string Staff)? _other;
    private string? _before;

    private Instant Due => _time.Close(_time.After(_from, _left));

    /// <summary>Plays it to the end of the case.</summary>
    /// <param name="accepted">When it was accepted.</param>
    /// <param name="counts">From when its limits count.</param>
    public void Run(Instant accepted, Instant counts)
    {
        (_from, _left, _now) = (_time.DayOf(counts), one.Days, accepted);
        Tolerate();
        Reassign();
        Correct();
        var handedOver = one.Kind == CaseKind.Joint ? _now = Branches.Open(one, accepted) : accepted;
        if (WantsPause())
            Pause();
        if (one.Planted is null && one.Days >= 5 && Due > _now && _random.Chance(180))
            Extend(_time.Within(_time.After(_from, Math.Max(0, _left - _random.Low(0, 2))), _now, _random), null, null);
        if (one.Planted == Misconduct.VoidBeforeDue || (one.Planted is null && _random.Chance(130)))
        {
            Withdraw();
            return;
        }

        var (decided, late) = Decision();
        Follow(decided, null);
        Branches.Close(one, handedOver, decided);
        if (one.Planted == Misconduct.NeedlessUpward)
            Superiors.Needless(one, accepted, decided);
        else if (one.Kind == CaseKind.Upward)
            Superiors.Run(one, accepted, decided, null);
        // A clock that is stopped to cover up stands still from where the record ends.
        Stages(accepted, one.Planted == Misconduct.PauseEndedAtClosing ? _now : decided);
        End(decided, late);
    }

    /// <summary>Reports why it takes longer.</summary>
    public static void Explain(DemoCase one, Instant at, bool told, Misconduct? proof = null) => one.Add("case_delay_explained", at, json =>
    {
        json.WriteString("reason", one.Random.Of("材料复核", "现场核查排期", "系统数据核对", "经办人员请假", "申请量集中", "专家意见未到"));
        if (one.Random.Chance(7_000))
            json.WriteString("plan", one.Random.Of("三个工作日内办结", "本周内办结", "已专人跟进"));
        json.WriteBoolean("toldApplicant", told);
    }, proof);

    private bool WantsPause() => one.Planted switch
    {
        Misconduct.PauseOverlong or Misconduct.PauseWithoutNotice => true,
        null => one.Days >= 5 && one.Item.PauseCause is not null && _time.Close(_time.After(_from, 1)) > _now && _random.Chance(900),
        _ => false,
    };

    private void Pause()
    {
        var begun = _time.Within(_time.After(_time.DayOf(_now), _random.Low(0, Math.Max(0, Math.Min(_left, one.Days) - 2))), _now, _random);
        if (begun >= Due)
            return;
        var length = one.Planted == Misconduct.PauseOverlong ? _random.Between(9, 19) : _random.Low(2, 13);
        var granted = one.Planted == Misconduct.PauseOverlong ? 5 : length <= 5 ? 5 : length <= 10 ? 10 : 15;
        var ended = _time.Within(_time.After(_time.DayOf(begun), length), begun, _random);
        var unwritten = one.Planted == Misconduct.PauseWithoutNotice;
        Procedure.Begin(one, begun, one.Item.PauseCause ?? _random.Of("expert-review", "inspection"), granted, !unwritten, unwritten ? Misconduct.PauseWithoutNotice : null);
        one.Paused = (begun, ended);
        Procedure.End(one, ended, one.Planted == Misconduct.PauseOverlong ? Misconduct.PauseOverlong : null);
        // What goes beyond what was granted counts.
        _left = Math.Max(0, _left - _time.Days(_from, _time.DayOf(begun)));
        (_from, _now) = (_time.After(_time.DayOf(begun), Math.Min(length, granted)), ended);
    }

    private void Extend(Instant at, Misconduct? proof, Instant? entered)
    {
        // Who covers up takes all there is to be had.
        var most = one.Kind == CaseKind.Joint ? 15 : 10;
        var add = proof is null ? Math.Min(most, Math.Max(2, one.Days / _random.Between(1, 2))) : most;
        one.Add("case_extension_granted", at, json =>
        {
            json.WriteStartObject("add");
            json.WriteNumber("workingDays", add);
            json.WriteEndObject();
            json.WriteString("reason", _random.Of("案情复杂", "需进一步核实", "涉及多部门会商"));
            json.WriteString("approver", one.Kind == CaseKind.Joint ? "government-head" : "agency-head");
            json.WriteString("level", one.Kind == CaseKind.Joint ? "government" : "agency");
            json.WriteBoolean("toldApplicant", proof is null || _random.Chance(5_000));
        }, proof, entered);
        if (proof == Misconduct.ExtensionAfterDue)
            return;
        (_left, _now) = (_left + add, entered ?? at);
    }

    /// <summary>When it is decided, by what happens to be done about it.</summary>
    private (Instant At, bool Late) Decision()
    {
        var overdue = _now > Due;
        var late = overdue || one.Planted is Misconduct.DelayNotExplained or Misconduct.BackdatedDecision or Misconduct.ExtensionAfterDue or Misconduct.PauseAfterDue or Misconduct.BackdatedExtension
            || _random.Chance(Habits.LateOf(one, pressure));
        if (!late)
        {
            var days = ((_left * _random.Between(one.Kind == CaseKind.Upward ? 60 : 18, 104)) + 50) / 100;
            var day = _time.After(_from, Math.Min(days, _left));
            return (_time.Within(day < _time.DayOf(_now) ? _time.DayOf(_now) : day, _now, _random), false);
        }

        var more = one.Planted == Misconduct.BackdatedDecision ? _random.Between(2, 6) : one.Planted == Misconduct.BackdatedExtension ? _random.Between(1, 4) : _random.Chance(1_000) ? _random.Between(5, 16) : _random.Low(1, 4);
        var due = Due;
        var decided = _time.Within(_time.After(_time.DayOf(overdue ? _now : due), more), _now, _random);
        switch (one.Planted)
        {
            case Misconduct.BackdatedDecision:
                return (decided, true);
            case Misconduct.BackdatedExtension:
                Extend(_time.Between(_time.Open(_time.DayOf(due)), due, _random), Misconduct.BackdatedExtension, _time.Within(_time.After(_time.DayOf(due), _random.Between(1, more)), due, _random));
                return (_time.Within(_time.After(_time.DayOf(due), more + 1), _now, _random), false);
            case Misconduct.ExtensionAfterDue:
                Extend(_time.Between(due, decided, _random), Misconduct.ExtensionAfterDue, null);
                break;
            case Misconduct.PauseAfterDue:
                var begun = _time.Between(due, decided, _random);
                Procedure.Begin(one, begun, _random.Of("expert-review", "inspection", "appraisal"), _random.Of(5, 10), written: true, Misconduct.PauseAfterDue);
                one.Paused = (begun, _time.Between(begun, decided, _random));
                Procedure.End(one, one.Paused.Value.Until, null);
                break;
        }

        Excuse(due, decided, overdue);
        return (decided, true);
    }

    /// <summary>Says why it is late, within a day as the rule is, or not.</summary>
    private void Excuse(Instant due, Instant decided, bool overdue)
    {
        var silent = overdue || one.Planted == Misconduct.DelayNotExplained || _random.Chance(500);
        if (_random.Chance(1_800))
            one.Add("case_applicant_contacted", _time.Between(due, decided, _random), json => json.WriteString("by", one.Staff));
        if (!silent)
            Explain(one, _time.Between(due, Instant.Min(decided, _time.Close(_time.After(_time.DayOf(due), 1))), _random), told: true);
        else if (_random.Chance(8_000))
            Explain(one, _time.Within(_time.After(_time.DayOf(overdue ? _now : due), _random.Between(2, 7)), due, _random), told: _random.Chance(5_000), Misconduct.DelayNotExplained);
        else
            one.Unexplained = true;
    }

    private void Withdraw()
    {
        var bent = one.Planted == Misconduct.VoidBeforeDue;
        // Written off on the last day, mostly in its last hours.
        var last = _time.DayOf(Due);
        var at = !bent ? _time.Between(_now, Due, _random)
            : _random.Chance(7_000) ? _time.Between(_time.Share(last, 55, 100), Due, _random) : _time.Between(Due - Duration.FromHours(20), Due, _random);
        if (at <= _now)
            at = _now + Duration.FromSeconds(40);
        Follow(at, at);
        if (bent && _random.Chance(4_000))
            one.Add("case_returned", at, json => json.WriteString("reason", _random.Of("申请人要求退件", "材料有误退回", "系统原因重新提交")), Misconduct.VoidBeforeDue);
        else
            one.Add("case_withdrawn", at, json => json.WriteString("by", "applicant"), bent ? Misconduct.VoidBeforeDue : null);
    }

    private void Tolerate()
    {
        if (one.Days < 5 || one.Planted is not null || one.Item.Item.Materials.Count < 3 || !_random.Chance(190))
            return;
        var due = _time.After(_time.DayOf(_now), _random.Between(3, 8));
        one.Add("case_tolerance_granted", _now + Duration.FromSeconds(50), json =>
        {
            json.WriteStartArray("missing");
            json.WriteStringValue(one.Item.Item.Materials[^1]);
            json.WriteEndArray();
            json.WriteString("dueOn", one.DateOf(_time.Close(due)));
        });
        var met = _random.Chance(8_800) ? _time.Within(due.PlusDays(-1) is var before && _time.IsWorkingDay(before) && before > _time.DayOf(_now) && _random.Chance(6_000) ? before : due, _now, _random) : _time.Within(_time.After(due, _random.Between(1, 4)), _now, _random);
        _brought = met;
    }

    private void Reassign()
    {
        if (one.Item.Staff.Length < 2 || one.Days < 2 || !_random.Chance(220))
            return;
        var (before, next) = (one.Staff, _random.Of(one.Item.Staff));
        if (next == before)
            return;
        _other = (_time.Later(_now, _random.Between(30, 400), _random), next);
    }

    /// <summary>Reports what was under way besides, as far as it came before the end.</summary>
    /// <param name="handled">Until when somebody has the case.</param>
    /// <param name="ended">After which nothing is brought; null: the papers promised are brought after the decision, too.</param>
    private void Follow(Instant handled, Instant? ended)
    {
        if (_brought is { } met && !(met >= ended))
            one.Add("case_tolerance_met", met);
        if (_other is not { } other || other.At >= handled)
            return;
        var before = _before = one.Staff;
        one.Staff = other.Staff;
        one.Add("case_reassigned", other.At, json =>
        {
            json.WriteString("window", one.Item.Window);
            json.WriteString("staff", other.Staff);
            json.WriteString("substituteFor", before);
            json.WriteString("reason", _random.Of("请假代办", "轮岗", "工作量调整"));
        });
    }

    // What was asked for turns out to be another thing, of the same limits.
    private void Correct()
    {
        if (one.Item.Mistaken is not { } other || one.Planted is not null || !_random.Chance(160))
            return;
        one.Add("case_item_changed", _time.Standing(_now, _random.Between(100, 1_200)), json =>
        {
            json.WriteString("from", one.Item.Item.Id);
            json.WriteString("to", other);
            json.WriteString("reason", "申请事项选择有误");
            json.WriteString("by", one.Staff);
        });
    }

    private void Stages(Instant accepted, Instant decided)
    {
        if (one.Days < 3)
            return;
        var at = accepted;
        foreach (var stage in one.Item.Item.Procedure.Where(s => s is "审查" or "初审" or "审核" or "现场核查" or "汇总" or "并联审查"))
        {
            at = one.Working(at, decided);
            if (at >= decided)
                return;
            one.Add("case_stage_entered", at, json =>
            {
                json.WriteString("stage", stage);
                json.WriteString("window", one.Item.Window);
                json.WriteString("staff", _before is not null && at < _other!.Value.At ? _before : one.Staff);
            });
        }
    }

    private void End(Instant decided, bool late)
    {
        var outcome = one.Item.Item.Kind == CaseKind.Answer ? "answered" : one.Planted is null && !(_brought > decided) && _random.Chance(430) ? "denied" : "approved";
        if (one.Planted is Misconduct.BackdatedDecision or Misconduct.ClosedBeforeDelivery or Misconduct.ClosedButWorkedOn or Misconduct.ReopenedQuietly or Misconduct.ClosedWithoutDocument or Misconduct.PauseEndedAtClosing)
            BentEnding.Run(one, decided, Due, _now);
        else
            Ending.Run(one, decided, late, outcome, one.Unexplained ? Misconduct.DelayNotExplained : null);
    }
}
