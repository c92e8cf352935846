using NodaTime;

namespace SlaMonitor.Host.Demo;

/// <summary>A complaint about a case, from its registration to the call afterwards (投诉 … 回访). What is it about depends on how the case went.</summary>
internal sealed class ComplaintStory(DemoCase one, ComplaintMatter matter)
{
    // What is registered later could run beyond the longest a case may take.
    private const int LatestDay = 60;

    private readonly HallTime _time = one.Time;
    private readonly DemoRandom _random = one.Random;
    private Instant _now;

    /// <summary>Tells it, in the few cases that lead to one.</summary>
    /// <param name="one">The case, told to its end.</param>
    /// <param name="categories">What the hall takes complaints about; none: it takes none.</param>
    public static void Tell(DemoCase one, string[] categories)
    {
        if (categories.Length == 0 || !one.Random.Chance(ComplaintMatter.ChanceOf(one)))
            return;
        one.Automatic = false;
        new ComplaintStory(one, ComplaintMatter.Of(one, categories)).Run();
    }

    private void Run()
    {
        _now = Moved();
        if (_now - one.ReceivedAt > Duration.FromDays(LatestDay))
            return;
        Register();
        Transfer();
        var substantiated = _random.Chance(matter.Truth);
        Respond(substantiated);
        FeedBack(0, 2);
        if (_random.Chance(1_200))
            substantiated = Review(substantiated);
        else if (_random.Chance(350))
            substantiated = Reverse(substantiated, _random.Between(3, 15));
        Next(_random.Low(0, 2), "complaint_closed");
        if (_random.Chance(5_500))
            Next(_random.Low(1, 8), "complaint_revisited", json => json.WriteBoolean("satisfied", _random.Chance(substantiated ? 7_600 : 4_300)));
    }

    private Instant Moved()
    {
        var end = one.Events.Max(e => e.OccurredAt);
        // Who waits too long does not wait for the end.
        var waiting = matter.Category == "delay" && one.CameLate && _random.Chance(5_000);
        var moved = waiting ? one.ReceivedAt + Duration.FromSeconds((long)(end - one.ReceivedAt).TotalSeconds * _random.Between(60, 98) / 100)
            : one.Rating is { } rating && matter.Channel == "rating" ? rating.At : end;
        return matter.AnyHour ? moved + Duration.FromMinutes(_random.Low(10, 9_000)) : _time.Within(_time.After(_time.DayOf(moved), _random.Low(0, 7)), moved, _random);
    }

    private void Register() => one.Complain("complaint_registered", _now, json =>
    {
        json.WriteString("channel", matter.Channel);
        json.WriteString("category", matter.Category);
        // Who writes in the box names what he knows: a window, and hardly a number.
        if (!matter.Anonymous)
            json.WriteString("case", one.Number);
        json.WriteString("window", one.Item.Window);
        if (matter.NamesStaff)
            json.WriteString("staff", one.Staff);
        if (!matter.Anonymous)
        {
            json.WriteStartObject("person");
            MadeUpPerson.Of(_random).Write(json);
            json.WriteEndObject();
        }

        json.WriteString("text", matter.Sentence(_random));
    });

    private void Transfer()
    {
        Next(_random.Chance(9_300) ? _random.Low(0, 1) : _random.Between(2, 3), "complaint_transferred", json => json.WriteString("to", one.Item.Window));
        if (!_random.Chance(700))
            return;
        Next(_random.Between(1, 2), "complaint_extension_granted", json =>
        {
            json.WriteStartObject("add");
            json.WriteNumber("workingDays", 5);
            json.WriteEndObject();
            json.WriteString("approver", "centre-head");
            json.WriteString("reason", _random.Of("需调取监控核实", "涉及多个窗口", "当事人出差"));
        });
    }

    private void Respond(bool substantiated)
    {
        // Looked at within days; some lie.
        Decide(_random.Chance(9_200) ? _random.Low(0, 3) : _random.Between(4, 16), substantiated);
        Next(_random.Chance(9_000) ? 0 : 1, "complaint_responded", json =>
        {
            if (_random.Chance(8_500))
                json.WriteBoolean("copied", _random.Chance(9_000));
            json.WriteString("text", substantiated ? _random.Of("情况属实，已批评教育并致歉", "情况属实，立即整改") : _random.Of("经调取监控，情况与反映不符", "经核实，按规定办理，已向当事人解释"));
        });
    }

    private void FeedBack(int soonest, int latest) => Next(_random.Low(soonest, latest), "complaint_fed_back", json => json.WriteString("text", _random.Of("已电话反馈", "已书面答复", "已当面说明")));

    private bool Review(bool substantiated)
    {
        _now += Duration.FromMinutes(_random.Low(60, 7_000));
        one.Complain("complaint_review_requested", _now, json => json.WriteString("text", _random.Of("对处理结果不服", "要求重新核实")));
        var other = _random.Chance(3_000);
        var settled = other ? Reverse(substantiated, _random.Low(2, 7)) : substantiated;
        Next(other ? 0 : _random.Low(1, 6), "complaint_reviewed", json => json.WriteString("text", other ? "原认定有误，予以更正" : "维持原处理意见"));
        FeedBack(0, 2);
        return settled;
    }

    // What was found is taken back; mostly the contrary is found instead.
    private bool Reverse(bool substantiated, int days)
    {
        Next(days, "complaint_reversed", json => json.WriteString("reason", _random.Of("监控与证人证言证明原认定有误", "经办人员申诉成立", "补充证据")));
        if (!_random.Chance(7_500))
            return false;
        Decide(_random.Low(0, 2), !substantiated);
        return !substantiated;
    }

    private void Decide(int days, bool substantiated) => Next(days, substantiated ? "complaint_substantiated" : "complaint_unsubstantiated", json =>
    {
        if (!substantiated || matter.NamesStaff || !_random.Chance(2_500))
            return;
        // Nobody was named, but the record of the case shows who it was.
        json.WriteStartObject("responsible");
        json.WriteString("window", one.Item.Window);
        json.WriteString("staff", one.Staff);
        json.WriteEndObject();
    });

    /// <summary>Something is done so many working days on.</summary>
    private void Next(int days, string type, Action<System.Text.Json.Utf8JsonWriter>? data = null)
    {
        _now = _time.Within(_time.After(_time.DayOf(_now), days), _now, _random) + Duration.FromSeconds(1);
        one.Complain(type, _now, data);
    }
}
