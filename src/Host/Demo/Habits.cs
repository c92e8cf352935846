using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>Who is slow and who bends the figures: windows and people differ, and they change.</summary>
internal static class Habits
{
    // Months after the beginning: one window loses two experienced people, one service gets its registers connected.
    private const int WorseFrom = 18;
    private const int BetterFrom = 10;

    private static readonly Misconduct[] Common =
    [
        Misconduct.BackdatedDecision, Misconduct.ClosedBeforeDelivery, Misconduct.NoDatedNotice, Misconduct.ClosedWithoutDocument, Misconduct.DelayNotExplained,
        Misconduct.VoidBeforeDue, Misconduct.InstantInsteadOfCommitment, Misconduct.ReopenedQuietly, Misconduct.SecondSupplement, Misconduct.AnswerInsteadOfCommitment,
    ];

    private static readonly Misconduct[] Longer =
    [
        Misconduct.BackdatedDecision, Misconduct.ClosedButWorkedOn, Misconduct.BackdatedExtension, Misconduct.NeedlessUpward, Misconduct.ExtensionAfterDue,
        Misconduct.PauseAfterDue, Misconduct.PauseOverlong, Misconduct.PauseWithoutNotice, Misconduct.PauseEndedAtClosing, Misconduct.PromiseOverStatutory, Misconduct.FeeOnFreeItem,
    ];

    /// <summary>How many of ten thousand cases come late.</summary>
    public static int LateOf(DemoCase one, int pressure)
    {
        var late = one.Item switch
        {
            { Item.Id: "residential-property-transfer" } => one.Month < BetterFrom ? 1_500 : 300,
            { Window: "W1" } => 600,
            { Window: "W2" } => 620 * (100 + (45 * Math.Clamp(one.Month - WorseFrom + 1, 0, 8))) / 100,
            { Window: "W3" } => 430,
            { Window: "W4" } => 950,
            { Window: "W5" } => 500,
            _ => 800,
        };
        return late * PersonOf(one) / 100 * Math.Clamp(pressure, 60, 150) / 100;
    }

    /// <summary>How many of ten thousand cases to be done at once are not.</summary>
    public static int LateAtOnceOf(DemoCase one) => (one.Item.Window == "W2" && one.Month >= WorseFrom ? 190 : 70) * PersonOf(one) / 100;

    /// <summary>Whoever gets a case: those who are quick get more.</summary>
    public static string StaffOf(DemoCase one)
    {
        var staff = one.Item.Staff;
        return staff[one.Random.Low(0, staff.Length - 1)];
    }

    /// <summary>What somebody does to a case; null, as nearly always: nothing. The same few people do most of it, more at the end of a quarter, and each has a way of their own.</summary>
    public static Misconduct? BendingOf(DemoCase one, LocalDate day)
    {
        var rate = one.Kind switch { CaseKind.Instant => 8, CaseKind.Answer => 0, CaseKind.Joint => 150, CaseKind.Upward => 300, _ => 130 };
        var who = IsBender(one) ? 300 : 45;
        if (!one.Random.Chance(rate * who / 100 * (day.Month % 3 == 0 ? 130 : 90) / 100))
            return null;
        var ways = WaysOf(one);
        var own = IsBender(one) && one.Random.Chance(4_000) ? one.Staff[1] + one.Staff[^1] : one.Random.Next(1_000);
        return ways.Length == 0 ? null : ways[own % ways.Length];
    }

    private static bool IsBender(DemoCase one) => one.Staff is "W1-04" or "W2-03" or "W3-03" or "W4-02" or "W6-03";

    private static int PersonOf(DemoCase one) => one.Staff == one.Item.Staff[^1] ? 165 : one.Staff == one.Item.Staff[0] ? 72 : 105;

    private static Misconduct[] WaysOf(DemoCase one) => one.Kind switch
    {
        CaseKind.Instant => one.Item.Item.Fee is { Yuan: 0 } ? [Misconduct.FeeOnFreeItem] : [],
        CaseKind.Joint => [Misconduct.LateHandOver, Misconduct.LateHandOver, Misconduct.LateHandOver, Misconduct.DelayNotExplained, Misconduct.PauseOverlong],
        CaseKind.Upward => [Misconduct.NoFollowUp],
        _ when one.Days < 3 => Common,
        _ => [.. Common, .. Longer],
    };
}
