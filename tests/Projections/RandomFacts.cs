using NodaTime;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.Projections;

/// <summary>Facts of some cases as senders report them: late, twice, out of order, contradicting each other.</summary>
internal sealed class RandomFacts(int seed, int cases, Instant? start = null)
{
    private static readonly string[] Types = ["case_received", "case_stage_entered", "case_reassigned", "case_special_procedure_started", "case_special_procedure_ended", "case_decided", "case_closed", "case_withdrawn", "case_reopened"];
    private readonly Random _random = new(seed);
    private readonly Instant _start = start ?? Instant.FromUtc(2026, 3, 2, 1, 0);

    public IEnumerable<EventToAppend> Take(int count)
    {
        var told = new List<EventToAppend>();
        for (var i = 0; i < count; i++)
        {
            // One in twenty is a repetition.
            var fact = told.Count > 0 && _random.Next(20) == 0 ? told[_random.Next(told.Count)] : Next();
            told.Add(fact);
            yield return fact;
        }
    }

    private EventToAppend Next()
    {
        var (number, type) = ($"{_random.Next(cases)}", Types[_random.Next(3) == 0 ? 0 : _random.Next(Types.Length)]);
        // To the microsecond, so that no two facts are told apart by what is in them alone.
        var at = _start + Duration.FromMinutes(_random.Next(60 * 24 * 20)) + Duration.FromTicks(10L * _random.Next(1_000_000));
        return type switch
        {
            "case_received" => Hall.Received(number, at, at + Duration.FromHours(_random.Next(1, 200))),
            "case_decided" => Hall.Decided(number, at),
            "case_special_procedure_started" => Hall.Fact(type, number, at, new() { ["procedure"] = "p", ["cause"] = "hearing" }),
            "case_special_procedure_ended" => Hall.Fact(type, number, at, new() { ["procedure"] = "p" }),
            "case_stage_entered" => Hall.Fact(type, number, at, new() { ["stage"] = "review", ["window"] = "W2" }),
            "case_reassigned" => Hall.Fact(type, number, at, new() { ["window"] = _random.Next(2) == 0 ? "W1" : "W2", ["staff"] = $"S{_random.Next(3)}" }),
            "case_reopened" => Hall.Fact(type, number, at, new() { ["reason"] = "complaint" }),
            _ => Hall.Fact(type, number, at),
        };
    }
}
