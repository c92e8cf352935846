using NodaTime;

namespace SlaMonitor.Host.Demo;

/// <summary>Endings that look better than they are.</summary>
internal static class BentEnding
{
    /// <summary>Plays one.</summary>
    /// <param name="one">The case.</param>
    /// <param name="decided">When it is truly decided.</param>
    /// <param name="due">When it falls due.</param>
    /// <param name="now">How far the story has got.</param>
    public static void Run(DemoCase one, Instant decided, Instant due, Instant now)
    {
        // The last hours of the last day, unless it was begun later.
        var last = one.Time.Share(one.Time.DayOf(due), one.Random.Between(60, 99), 100);
        var before = last > now ? last : now + Duration.FromSeconds(30);
        switch (one.Planted)
        {
            case Misconduct.BackdatedDecision:
                Backdate(one, decided, before);
                break;
            case Misconduct.ClosedBeforeDelivery:
                Close(one, before);
                Ending.Deliver(one, before, Misconduct.ClosedBeforeDelivery);
                break;
            case Misconduct.ClosedButWorkedOn:
                WorkOn(one, before);
                break;
            case Misconduct.ReopenedQuietly:
                Reopen(one, before);
                break;
            case Misconduct.ClosedWithoutDocument:
                CloseUndocumented(one, before);
                break;
            default:
                StandStill(one, decided, now);
                break;
        }
    }

    // Decided days later, with the date it should have; then all the rest is entered in one go.
    private static void Backdate(DemoCase one, Instant decided, Instant dated)
    {
        Ending.Decide(one, dated, "approved", documented: true, Misconduct.BackdatedDecision, entered: decided);
        one.Add("case_closed", Ending.Deliver(one, decided, null) + Duration.FromSeconds(one.Random.Between(20, 400)));
    }

    private static void Close(DemoCase one, Instant at)
    {
        Ending.Decide(one, at, "approved", documented: true, null);
        one.Add("case_closed", at + Duration.FromSeconds(one.Random.Between(15, 200)));
    }

    private static void WorkOn(DemoCase one, Instant at)
    {
        var (time, random) = (one.Time, one.Random);
        Close(one, at);
        var worked = time.Within(time.After(time.DayOf(at), random.Between(1, 4)), at, random);
        one.Add("case_stage_entered", worked, json =>
        {
            json.WriteString("stage", one.Item.Item.Procedure.FirstOrDefault(s => s is "现场核查" or "审查" or "审核") ?? "审查");
            json.WriteString("window", one.Item.Window);
            json.WriteString("staff", one.Staff);
        }, Misconduct.ClosedButWorkedOn);
        Ending.Deliver(one, time.Within(time.After(time.DayOf(worked), random.Between(1, 5)), worked, random), null);
    }

    private static void Reopen(DemoCase one, Instant at)
    {
        var (time, random) = (one.Time, one.Random);
        Close(one, at);
        var again = time.Within(time.After(time.DayOf(at), random.Low(1, 3)), at, random);
        one.Add("case_reopened", again, json => json.WriteString("reason", random.Of("补充完善材料", "流程需要", "继续办理", "证照信息有误")), Misconduct.ReopenedQuietly);
        var decided = time.Within(time.After(time.DayOf(again), random.Between(2, 7)), again, random);
        Ending.Decide(one, decided, "approved", documented: true, null);
        one.Add("case_closed", Ending.Deliver(one, decided, null) + Duration.FromSeconds(random.Between(20, 300)));
    }

    // Some leave the decision out, and some the paper.
    private static void CloseUndocumented(DemoCase one, Instant at)
    {
        var (time, random) = (one.Time, one.Random);
        var without = random.Chance(4_000);
        if (!without)
            Ending.Decide(one, at, random.Of("approved", "resolved"), documented: false, null);
        one.Add("case_closed", at + Duration.FromSeconds(random.Between(10, 300)), proof: Misconduct.ClosedWithoutDocument);
        if (!without)
            Ending.Deliver(one, at, null);
        else
            Ending.Decide(one, time.Within(time.After(time.DayOf(at), random.Between(2, 9)), at, random), "resolved", documented: false, null);
    }

    // The clock was stopped when it became tight, and goes on in the minute in which there is nothing left to do.
    private static void StandStill(DemoCase one, Instant decided, Instant now)
    {
        var (time, random) = (one.Time, one.Random);
        var begun = decided > now ? time.Between(now, decided, random) : now + Duration.FromSeconds(60);
        var ended = time.Within(time.After(time.DayOf(begun), random.Between(3, 9)), begun, random);
        ended = Instant.FromUnixTimeSeconds(ended.ToUnixTimeSeconds() / 60 * 60) + Duration.FromSeconds(random.Between(1, 9));
        Procedure.Begin(one, begun, random.Of("expert-review", "inspection", "appraisal"), 10, written: true, null);
        Procedure.End(one, ended, Misconduct.PauseEndedAtClosing);
        Ending.Decide(one, ended + Duration.FromSeconds(random.Between(4, 15)), "approved", documented: true, null);
        one.Add("case_delivered", ended + Duration.FromSeconds(random.Between(18, 30)), json => json.WriteString("via", one.Item.PaperOnly ? "window" : "electronic"));
        one.Add("case_closed", ended + Duration.FromSeconds(random.Between(33, 49)));
    }
}
