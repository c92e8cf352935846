using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>Pairs the starts and ends of special procedures by their id.</summary>
internal sealed class PauseFold(List<Anomaly> factAnomalies)
{
    /// <summary>Other causes are recorded and do not stop the clock; they are remembered to match their end.</summary>
    private const int DoesNotCount = -1;

    private readonly List<Pause> _pauses = [];
    private readonly List<(string Procedure, int Index, Guid By)> _open = [];

    /// <summary>The pauses of the facts applied so far.</summary>
    public IReadOnlyList<Pause> SoFar => _pauses.Count == 0 ? [] : [.. _pauses];

    public void Apply(Recorded fact, PauseRule rule)
    {
        if (fact.Type == rule.From && fact.Event is CaseEvent.SpecialProcedureStarted started)
            Begin(fact, started, rule);
        else if (fact.Type == rule.Until && fact.Event is CaseEvent.SpecialProcedureEnded ended)
            End(fact, ended);
    }

    private void Begin(Recorded fact, CaseEvent.SpecialProcedureStarted started, PauseRule rule)
    {
        var running = _open.FindIndex(p => p.Procedure == started.Procedure);
        if (running >= 0)
        {
            factAnomalies.Add(new Anomaly(AnomalyKind.SecondPause, [_open[running].By, fact.Id]));
            return;
        }

        var counts = rule.Causes.Contains(started.Cause);
        _open.Add((started.Procedure, counts ? _pauses.Count : DoesNotCount, fact.Id));
        if (counts)
            _pauses.Add(new Pause(fact.OccurredAt, null, started.Granted, started.Cause));
    }

    private void End(Recorded fact, CaseEvent.SpecialProcedureEnded ended)
    {
        var running = _open.FindIndex(p => p.Procedure == ended.Procedure);
        if (running < 0)
        {
            factAnomalies.Add(new Anomaly(AnomalyKind.EndWithoutPause, [fact.Id]));
            return;
        }

        if (_open[running].Index is var index && index != DoesNotCount)
            _pauses[index] = _pauses[index] with { Until = fact.OccurredAt };
        _open.RemoveAt(running);
    }
}
