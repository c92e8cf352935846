using NodaTime;

namespace SlaMonitor.Host.Demo;

/// <summary>Special procedures, for which a clock stands still.</summary>
internal static class Procedure
{
    /// <summary>Reports that one has begun.</summary>
    public static void Begin(DemoCase one, Instant at, string cause, int granted, bool written, Misconduct? proof) => one.Add("case_special_procedure_started", at, json =>
    {
        json.WriteString("procedure", one.Paper("特"));
        json.WriteString("cause", cause);
        json.WriteString("basis", "行政许可法 第四十五条");
        json.WriteStartObject("granted");
        json.WriteNumber("workingDays", granted);
        json.WriteEndObject();
        json.WriteString("approver", "agency-head");
        // Of whom nothing was sent, half say so and half say nothing.
        if (written || one.Random.Chance(5_000))
            json.WriteBoolean("writtenNotice", written);
    }, proof);

    /// <summary>Reports that it has ended.</summary>
    public static void End(DemoCase one, Instant at, Misconduct? proof) => one.Add("case_special_procedure_ended", at, json =>
    {
        json.WriteString("procedure", one.Paper("特"));
        if (proof is null || one.Random.Chance(5_000))
            json.WriteString("result", "合格");
    }, proof);
}
