using System.Text.Json;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Cases;

/// <summary>
/// The <c>given</c> field of an event: one deadline or limit, or several by name (<c>{"review":"2026-03-09T18:00:00+08:00"}</c>).
/// </summary>
public sealed record GivenLimits(Limit? Only, ValueList<(string Name, Limit Limit)> Named)
{
    private const string Field = "given";

    /// <summary>Nothing given.</summary>
    public static GivenLimits None { get; } = new(null, []);

    /// <summary>The limit under <c>given</c> or <c>given.name</c>.</summary>
    public Limit? Find(string field)
    {
        if (field == Field)
            return Only;
        foreach (var (name, limit) in Named)
        {
            if (field.Length == Field.Length + 1 + name.Length && field.StartsWith("given.", StringComparison.Ordinal) && field.EndsWith(name, StringComparison.Ordinal))
                return limit;
        }

        return null;
    }

    /// <summary>Reads the field; faults when a limit in it is malformed.</summary>
    public static GivenLimits Read(JsonFields fields)
    {
        if (fields.Find(Field) is not { } given)
            return None;
        var named = given.ValueKind == JsonValueKind.Object && given.EnumerateObject().All(m => m.Value.ValueKind is JsonValueKind.Object || IsDeadline(m.Value))
            && given.EnumerateObject().Any();
        if (!named)
            return new GivenLimits(fields.OptionalLimit(Field), []);
        var limits = new List<(string, Limit)>();
        foreach (var (name, value, path) in fields.Members(Field))
        {
            if (LimitJson.Read(value, fields.Faults, path) is { } limit)
                limits.Add((name, limit));
        }

        return new GivenLimits(null, [.. limits]);
    }

    private static bool IsDeadline(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Timestamps.TryParse(value.GetString()!, out _);
}
