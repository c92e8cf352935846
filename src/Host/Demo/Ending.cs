using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>From the decision to what the applicant says of it.</summary>
internal static class Ending
{
    /// <summary>Plays it.</summary>
    /// <param name="one">The case.</param>
    /// <param name="decided">When it is decided.</param>
    /// <param name="late">True when somebody had to wait too long for it.</param>
    /// <param name="outcome">How.</param>
    /// <param name="proof">What it proves that it was decided.</param>
    public static void Run(DemoCase one, Instant decided, bool late, string outcome, Misconduct? proof = null)
    {
        Decide(one, decided, outcome, documented: true, proof ?? (one.Planted == Misconduct.NoDatedNotice ? Misconduct.NoDatedNotice : null));
        if (one.Days >= 5 && one.Planted is null && one.Random.Chance(3_000))
            Issue(one, decided, outcome == "denied");
        var told = Notify(one, decided);
        var ended = outcome == "approved" ? Deliver(one, told, null) : told;
        var closed = one.Days == 0 || one.Kind is CaseKind.Instant or CaseKind.Answer ? ended + Duration.FromSeconds(one.Random.Between(5, 60)) : one.Time.Later(ended, one.Random.Low(1, 120), one.Random);
        one.Add("case_closed", closed);
        one.CameLate = late;
        RatingHabits.Ask(one, closed);
        if (one.Planted is null && outcome == "approved" && one.Days > 0 && one.Random.Chance(30))
            Reopen(one, closed);
    }

    /// <summary>Reports a decision.</summary>
    public static void Decide(DemoCase one, Instant at, string outcome, bool documented, Misconduct? proof, Instant? entered = null) => one.Add("case_decided", at, json =>
    {
        json.WriteString("outcome", outcome);
        if (documented)
            json.WriteString("document", one.Paper("办"));
        if (outcome != "denied")
            return;
        json.WriteString("reasons", one.Random.Of("不符合法定条件", "现场核查不合格", "材料不真实"));
        json.WriteBoolean("remediesTold", true);
    }, proof, entered);

    /// <summary>Hands the certificate over.</summary>
    /// <returns>When.</returns>
    public static Instant Deliver(DemoCase one, Instant from, Misconduct? proof)
    {
        var (time, random) = (one.Time, one.Random);
        var atOnce = one.Days == 0 || one.Kind is CaseKind.Instant;
        // Few wait for the post when they can have a file, and nobody for what is done at once.
        var via = one.InPerson ? "window" : one.Channel == Channel.Courier || one.Item.PaperOnly || (!atOnce && random.Chance(4_500)) ? "courier" : "electronic";
        var at = (via, proof) switch
        {
            ("electronic", null) => from + Duration.FromSeconds(atOnce ? random.Between(10, 90) : random.Between(30, 1_200)),
            ("window", null) when atOnce => time.Standing(from, random.Between(10, 90)),
            _ => time.Within(time.After(time.DayOf(from), DaysOnTheWay(one, from, via, proof)), from, random),
        };
        one.Add("case_delivered", at, json => json.WriteString("via", via), proof);
        return at;
    }

    // A courier needs a day at least; who fetches it comes when it suits, and not while the doors close. A few papers are
    // forgotten beyond what the law allows.
    private static int DaysOnTheWay(DemoCase one, Instant from, string via, Misconduct? proof)
    {
        var (time, random) = (one.Time, one.Random);
        if (proof is not null)
            return random.Low(4, 11);
        if (random.Chance(120))
            return random.Between(11, 14);
        var soonest = time.Close(time.DayOf(from)) - from < Duration.FromMinutes(5) ? 1 : 0;
        return via == "courier" ? random.Between(1, 4) : Math.Max(soonest, random.Low(0, 6));
    }

    private static void Issue(DemoCase one, Instant decided, bool denied)
    {
        var at = decided + Duration.FromSeconds(one.Random.Between(20, 900));
        one.Add("case_notice_issued", at, json =>
        {
            json.WriteString("kind", denied ? "denial" : "approval");
            json.WriteString("number", one.Paper("决"));
            json.WriteString("issuedOn", one.DateOf(at));
        });
    }

    private static Instant Notify(DemoCase one, Instant decided)
    {
        // Of what was decided above the applicant hears by the next day; of other things by the way.
        var upward = one.Kind == CaseKind.Upward;
        if (one.Kind is CaseKind.Instant or CaseKind.Answer || (!upward && !one.Random.Chance(4_500)))
            return decided;
        var at = upward && one.Random.Chance(3_000) ? one.Time.Within(one.Time.After(one.Time.DayOf(decided), 1), decided, one.Random) : one.Time.Standing(decided, one.Random.Between(60, 5_000));
        one.Add("case_applicant_notified", at, json => json.WriteString("via", one.Random.Of("sms", "sms", "phone", "app")));
        return at;
    }

    // A mistake in the certificate; it is mended and handed over anew.
    private static void Reopen(DemoCase one, Instant closed)
    {
        var (time, random) = (one.Time, one.Random);
        var at = time.Within(time.After(time.DayOf(closed), random.Between(1, 10)), closed, random);
        one.Add("case_reopened", at, json => json.WriteString("reason", random.Of("证照信息有误", "登记信息更正")));
        var decided = time.Within(time.After(time.DayOf(at), random.Low(0, 3)), at, random);
        Decide(one, decided, "approved", documented: true, null);
        one.Add("case_closed", time.Later(Deliver(one, decided, null), 2, random));
    }
}
