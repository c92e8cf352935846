using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Demo;

/// <summary>Cases that are done, or answered, while one waits; and those that are only entered as such.</summary>
internal static class AtOnce
{
    /// <summary>Plays one.</summary>
    /// <param name="one">The case.</param>
    /// <param name="kind">What it is entered as.</param>
    /// <param name="proof">What it proves that it is done at once.</param>
    public static void Run(DemoCase one, CaseKind kind, Misconduct? proof = null)
    {
        var (time, random) = (one.Time, one.Random);
        Intake.Receive(one, kind);
        var automatic = !one.InPerson && proof is null && random.Chance(5_500);
        var accepted = automatic ? one.ReceivedAt + Duration.FromSeconds(random.Between(5, 40)) : Begun(one);
        var late = proof is null && random.Chance(Habits.LateAtOnceOf(one));
        one.Automatic = automatic;
        accepted = Intake.Accept(one, accepted);
        var worked = automatic ? accepted + Duration.FromSeconds(random.Between(20, 150)) : time.Standing(accepted, random.Low(proof is null ? 120 : 40, 1_500));
        if (late)
        {
            // What the pages could not finish somebody finishes by hand.
            one.Automatic = false;
            worked = time.Within(time.After(time.DayOf(accepted), random.Low(1, 3)), accepted, random);
            var day = time.DayOf(accepted);
            Handling.Explain(one, time.Between(time.Close(day), Instant.Min(worked, time.Close(time.After(day, 1))), random), told: true);
        }

        Ending.Run(one, worked, late, kind == CaseKind.Answer ? "answered" : proof is null && !HandsOut(one) ? "resolved" : "approved", proof);
    }

    /// <summary>Begins one to be answered at once that turns out to need days.</summary>
    /// <returns>When it was accepted, and from when its limits count.</returns>
    public static (Instant Accepted, Instant Counts) Reconsidered(DemoCase one)
    {
        Intake.Receive(one, one.Kind);
        var accepted = Intake.Accept(one, Begun(one));
        var changed = one.Time.Standing(accepted, one.Random.Between(100, 1_500));
        one.Add("case_kind_changed", changed, json =>
        {
            json.WriteString("from", Intake.CodeOf(one.Kind));
            json.WriteString("to", Intake.CodeOf(CaseKind.Commitment));
            json.WriteString("reason", "情况复杂，需核实后答复");
            json.WriteString("by", one.Staff);
        });
        (one.Kind, one.Days) = (CaseKind.Commitment, one.Item.Item.Promised?.For(CaseKind.Commitment, null) is Limit.WorkingDays days ? days.Count : 5);
        return (changed, accepted);
    }

    /// <summary>True when there is a paper in the end.</summary>
    private static bool HandsOut(DemoCase one) => one.Item.Item.Procedure is [.., "出具" or "制证" or "登记"];

    private static Instant Begun(DemoCase one)
    {
        var (time, random) = (one.Time, one.Random);
        if (one.InPerson)
            return time.Standing(one.ReceivedAt, random.Low(30, 600));
        // From afar it is the first thing in the morning, or between two who stand there.
        var opens = time.Open(time.DayOf(one.ReceivedAt));
        return one.ReceivedAt < opens ? time.Standing(opens, random.Low(60, 6_000)) : time.Standing(one.ReceivedAt, random.Low(60, 2_400));
    }
}
