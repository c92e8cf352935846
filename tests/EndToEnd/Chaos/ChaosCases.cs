using System.Globalization;
using System.Text.Json.Nodes;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>An event as it will be sent: what it says, and when its sender gets round to it.</summary>
internal sealed record PlannedEvent(string Id, string Stream, string Type, DateTime OccurredAt, JsonObject Data, DateTime SendAt)
{
    /// <summary>Its time on the wire and in the store, to the microsecond.</summary>
    public string Time => OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public JsonObject ToCloudEvent() => new()
    {
        ["specversion"] = "1.0",
        ["type"] = Type,
        ["source"] = ChaosCases.Source,
        ["id"] = Id,
        ["subject"] = Stream,
        ["time"] = Time,
        ["data"] = Data.DeepClone(),
    };
}

/// <summary>
/// Makes cases up. Each has at most one pause that counts and one extension, so that SQL can say what is due without our code;
/// what is hard is in the order of arrival: late, the beginning after the end, hours or days after the fact.
/// </summary>
internal sealed class ChaosCases(Random random)
{
    public const string Centre = "chaos";
    public const string Source = "chaos/desk";
    public const string Counting = "hearing";
    public const string Approver = "head";
    public const int ExtensionCapSeconds = 2;
    public const int EscalationSeconds = 1;

    private readonly HashSet<DateTime> _times = [];
    private int _cases;

    /// <summary>Two commitments on a calendar that is always open. Each version promises the short one in another time.</summary>
    public static string Catalogue(int version) => $$"""
        version: "{{version}}"
        effectiveFrom: 2020-01-01
        centre: { id: {{Centre}}, names: { zh: 混沌, en: Chaos }, calendar: always }
        calendars:
          always:
            zone: UTC
            week: { mon: &day ["00:00-24:00"], tue: *day, wed: *day, thu: *day, fri: *day, sat: *day, sun: *day }
        causes:
          - { id: {{Counting}}, names: { zh: 计, en: Counts }, basis: law }
        items:
          - { id: permit, names: { zh: 许可, en: Permit }, kind: commitment }
        commitments:
          - id: chaos.short
            names: { zh: 短, en: Short }
            start: case_received
            stop: { any: [case_decided] }
            void: [case_withdrawn]
            pause: &pause { from: case_special_procedure_started, until: case_special_procedure_ended, by: procedure, causes: [{{Counting}}] }
            extend: &extend { on: case_extension_granted, max: { elapsed: PT{{ExtensionCapSeconds}}S }, approver: {{Approver}} }
            limit: { elapsed: PT{{3 + (version % 3)}}S }
            levels:
              - { name: dueSoon, before: { elapsed: PT2S } }
              - { name: escalation, after: { elapsed: PT{{EscalationSeconds}}S } }
          - id: chaos.long
            names: { zh: 长, en: Long }
            start: case_received
            stop: { all: [case_decided, case_applicant_notified] }
            void: [case_withdrawn]
            pause: *pause
            extend: *extend
            limit: { elapsed: PT1H }
            levels:
              - { name: dueSoon, before: { elapsed: PT30M } }
        """;

    /// <summary>The next case, all of it; its events come out one by one, when their senders get round to them.</summary>
    public List<PlannedEvent> Next(DateTime now)
    {
        // Most cases happen as they are told. Some are told hours later, some so late that nobody is to be woken any more.
        var (past, start) = random.Next(20) switch
        {
            0 => (true, now.AddHours(-6)),
            1 => (true, now.AddDays(-3)),
            _ => (false, now),
        };
        _times.Clear();
        var stream = $"case/chaos-{++_cases:d6}";
        var events = new List<PlannedEvent>();
        Add("case_received", 0, new() { ["item"] = "permit" });
        var end = Between(0.5, 9);
        if (random.Next(100) < 55)
            Add("case_decided", end, new() { ["outcome"] = "approved" });
        if (random.Next(100) < 45)
            Add("case_applicant_notified", Between(0.5, 12), []);
        if (random.Next(100) < 20)
            Add("case_withdrawn", Between(0.5, 12), []);
        if (random.Next(100) < 35)
            AddPause("1", Counting);
        if (random.Next(100) < 10)
            AddPause("2", "coordination");
        if (random.Next(100) < 25)
            Add("case_extension_granted", Between(0.2, 6), new() { ["add"] = new JsonObject { ["elapsed"] = $"PT{random.Next(1, 4)}S" }, ["reason"] = "volume", ["approver"] = random.Next(5) == 0 ? "clerk" : Approver });
        return events;

        void AddPause(string procedure, string cause)
        {
            var from = Between(0.2, 5);
            Add("case_special_procedure_started", from, new() { ["procedure"] = procedure, ["cause"] = cause });
            if (random.Next(5) > 0)
                Add("case_special_procedure_ended", from + Between(0.3, 4), new() { ["procedure"] = procedure });
        }

        void Add(string type, double after, JsonObject data)
        {
            // To the microsecond, and no two of a case the same: then the order of the facts is that of their times alone.
            var at = start.AddSeconds(after);
            at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
            while (!_times.Add(at))
                at = at.AddTicks(TimeSpan.TicksPerMicrosecond);
            var delay = random.Next(10) switch { 0 => Between(3, 8), < 4 => Between(0, 1), _ => Between(0, 0.05) };
            var sendAt = past ? now.AddSeconds(Between(0, 5)) : at.AddSeconds(delay);
            events.Add(new($"{stream}/{events.Count}", stream, type, at, data, sendAt));
        }
    }

    private double Between(double from, double to) => from + (random.NextDouble() * (to - from));
}
