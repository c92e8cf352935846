using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>The branches of a joint case at several agencies.</summary>
internal static class Branches
{
    /// <summary>Opens them and hands them over.</summary>
    /// <returns>When the last of them was with its agency.</returns>
    public static Instant Open(DemoCase one, Instant accepted)
    {
        var (time, random, last) = (one.Time, one.Random, accepted);
        var lying = one.Planted == Misconduct.LateHandOver ? random.Next(one.Item.Item.Branches.Count) : -1;
        var place = 0;
        foreach (var (branch, agency) in one.Item.Item.Branches)
        {
            var opened = accepted + Duration.FromSeconds(20 + (place * random.Between(5, 30)));
            one.Add("case_branch_opened", opened, json =>
            {
                json.WriteString("branch", branch);
                json.WriteString("agency", agency);
            });
            // The courier between the agencies goes the same day or the next morning.
            var handed = place == lying ? time.Within(time.After(time.DayOf(opened), random.Between(2, 6)), opened, random)
                : random.Chance(7_500) ? time.Later(opened, random.Low(5, 120), random) : time.Within(time.After(time.DayOf(opened), 1), opened, random);
            one.Add("case_branch_handed_over", handed, json =>
            {
                json.WriteString("branch", branch);
                json.WriteString("to", agency);
            }, place++ == lying ? Misconduct.LateHandOver : null);
            last = handed > last ? handed : last;
        }

        return last;
    }

    /// <summary>Has each agency give its opinion before the decision.</summary>
    public static void Close(DemoCase one, Instant handedOver, Instant decided)
    {
        if (one.Kind != CaseKind.Joint)
            return;
        foreach (var (branch, _) in one.Item.Item.Branches)
        {
            var done = one.Working(handedOver, decided);
            one.Add("case_branch_done", done < decided ? done : decided - Duration.FromSeconds(20), json =>
            {
                json.WriteString("branch", branch);
                json.WriteString("opinion", one.Random.Of("同意", "同意", "原则同意", "无意见"));
            });
        }
    }
}
