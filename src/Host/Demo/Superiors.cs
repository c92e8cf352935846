using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>What is decided above: sent there, asked after, and come back.</summary>
internal static class Superiors
{
    /// <summary>Plays the way up and down again, before the decision is made known.</summary>
    /// <param name="one">The case.</param>
    /// <param name="accepted">When it was accepted.</param>
    /// <param name="decided">When it is decided here.</param>
    /// <param name="proof">What it proves that it was sent.</param>
    public static void Run(DemoCase one, Instant accepted, Instant decided, Misconduct? proof)
    {
        var (time, random) = (one.Time, one.Random);
        var days = Math.Max(1, time.Days(time.DayOf(accepted), time.DayOf(decided)));
        var forgotten = one.Planted == Misconduct.NoFollowUp;
        var sent = time.Within(time.After(time.DayOf(accepted), forgotten ? random.Between(1, 2) : days * random.Between(10, 35) / 100), accepted, random);
        if (sent >= decided)
            sent = time.Between(accepted, decided, random);
        one.Add("case_sent_upward", sent, json => json.WriteString("authority", one.Item.Item.Authority ?? "市级主管部门"), proof);
        var back = decided - Duration.FromSeconds(random.Between(60, 2_400));
        if (back <= sent)
            back = sent + Duration.FromSeconds(Math.Max(1, (long)(decided - sent).TotalSeconds / 2));
        for (var day = time.After(time.DayOf(sent), random.Between(2, 5)); !forgotten && time.Open(day) < back; day = time.After(day, random.Between(3, 5)))
        {
            var asked = time.Within(day, sent, random);
            if (asked < back)
                one.Add("case_superior_contacted", asked, json => json.WriteString("by", one.Staff));
        }

        one.Add("case_returned_from_above", back, json => json.WriteString("result", "agreed"), forgotten ? Misconduct.NoFollowUp : null);
    }

    /// <summary>Sends upward what nobody there has a say in, when it takes longer than promised here.</summary>
    public static void Needless(DemoCase one, Instant accepted, Instant decided)
    {
        if (!one.EnteredUpward)
        {
            var changed = one.Time.Between(accepted, decided, one.Random);
            one.Add("case_kind_changed", changed, json =>
            {
                json.WriteString("from", Intake.CodeOf(one.Kind));
                json.WriteString("to", Intake.CodeOf(CaseKind.Upward));
                json.WriteString("reason", one.Random.Of("需报上级审批", "请示上级", "上级要求"));
            });
            accepted = changed;
        }

        one.Kind = CaseKind.Upward;
        Run(one, accepted, decided, Misconduct.NeedlessUpward);
    }
}
