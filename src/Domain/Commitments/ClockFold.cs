using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>Folds the sorted facts of one case into the clocks of one commitment.</summary>
internal sealed class ClockFold(string commitment, CatalogueLog catalogue, Case state, List<Anomaly> caseAnomalies)
{
    private readonly List<Clock> _clocks = [];
    private readonly List<Pause> _pauses = [];
    private readonly List<(string Procedure, int Index, Guid By)> _openPauses = [];
    private readonly List<(Extension Extension, Guid By)> _extensions = [];
    private readonly List<Anomaly> _anomalies = [];
    private Clock? _open;
    private Recorded<CaseEvent>? _endBeforeStart;

    public IEnumerable<Clock> Run(IEnumerable<Recorded<CaseEvent>> sorted)
    {
        foreach (var fact in sorted)
            Apply(fact);
        if (_open is not null)
            Close(null, null, null);
        return _clocks;
    }

    private void Apply(Recorded<CaseEvent> fact)
    {
        var definition = _open?.Definition ?? DefinitionAt(fact.OccurredAt);
        if (definition is null)
            return;
        if (fact.Type == definition.Start)
            Start(fact);
        else if (definition.Stops.Contains(fact.Type))
            Stop(fact);
        else if (definition.Voids.Contains(fact.Type))
            Void(fact);
        if (definition.Pause is { } pause)
            ApplyPause(fact, pause);
        if (fact.Event is CaseEvent.ExtensionGranted granted && definition.Extend?.On == fact.Type)
            _extensions.Add((new Extension(fact.OccurredAt, granted.Add, granted.Reason), fact.Id));
    }

    private CommitmentDefinition? DefinitionAt(Instant start)
    {
        foreach (var definition in catalogue.At(start)?.Commitments ?? [])
        {
            if (definition.Id == commitment)
                return definition;
        }

        return null;
    }

    private void Start(Recorded<CaseEvent> fact)
    {
        if (_open is not null)
        {
            _anomalies.Add(new Anomaly(AnomalyKind.SecondStart, [_open.StartedBy, fact.Id]));
            return;
        }

        var version = catalogue.At(fact.OccurredAt)!;
        var definition = DefinitionAt(fact.OccurredAt)!;
        if (LimitOf(definition, version, fact.Event) is not { } limit)
        {
            // A commitment the item does not make is no contradiction; a limit the event should carry is.
            if (definition.Limit is LimitSource.Given)
                caseAnomalies.Add(new Anomaly(AnomalyKind.NoLimit, [fact.Id]));
            return;
        }

        // Open clocks follow the newest calendar of that name; the definition stays as it was at the start.
        var calendar = catalogue.Newest!.Calendars.GetValueOrDefault(definition.Calendar) ?? version.Calendars[definition.Calendar];
        var cap = definition.Extend?.Max is { } max && max.Unit == limit.Unit ? max.Total : (long?)null;
        var facts = new ClockFacts(calendar, limit, fact.OccurredAt, ExtensionCap: cap);
        _open = new Clock(definition, _clocks.Count + 1, version.Version, facts, fact.Id, null, null, []);
        if (_endBeforeStart is not { } early)
            return;
        _endBeforeStart = null;
        var voids = definition.Voids.Contains(early.Type);
        _anomalies.Add(new Anomaly(voids ? AnomalyKind.VoidBeforeStart : AnomalyKind.StopBeforeStart, [early.Id, fact.Id]));
        if (voids)
            Close(null, null, fact.OccurredAt);
        else
            Close(early.OccurredAt, early.Id, null);
    }

    private void Stop(Recorded<CaseEvent> fact)
    {
        if (_open is not null)
            Close(fact.OccurredAt, fact.Id, null);
        else if (_clocks.Count == 0)
            _endBeforeStart ??= fact;
    }

    private void Void(Recorded<CaseEvent> fact)
    {
        if (_open is not null)
            Close(null, null, fact.OccurredAt);
        else if (_clocks.Count == 0)
            _endBeforeStart ??= fact;
    }

    private void ApplyPause(Recorded<CaseEvent> fact, PauseRule rule)
    {
        if (fact.Type == rule.From && fact.Event is CaseEvent.SpecialProcedureStarted started)
        {
            var running = _openPauses.FindIndex(p => p.Procedure == started.Procedure);
            if (running >= 0)
            {
                caseAnomalies.Add(new Anomaly(AnomalyKind.SecondPause, [_openPauses[running].By, fact.Id]));
                return;
            }

            // Other causes are recorded and do not stop the clock: an index of -1 is remembered to match the end.
            var counts = rule.Causes.Contains(started.Cause);
            _openPauses.Add((started.Procedure, counts ? _pauses.Count : -1, fact.Id));
            if (counts)
                _pauses.Add(new Pause(fact.OccurredAt, null, started.Granted, started.Cause));
        }
        else if (fact.Type == rule.Until && fact.Event is CaseEvent.SpecialProcedureEnded ended)
        {
            var running = _openPauses.FindIndex(p => p.Procedure == ended.Procedure);
            if (running < 0)
            {
                caseAnomalies.Add(new Anomaly(AnomalyKind.EndWithoutPause, [fact.Id]));
                return;
            }

            if (_openPauses[running].Index is >= 0 and var index)
                _pauses[index] = _pauses[index] with { Until = fact.OccurredAt };
            _openPauses.RemoveAt(running);
        }
    }

    private Limit? LimitOf(CommitmentDefinition definition, Catalogue version, CaseEvent start)
    {
        var item = state.Item is { } id ? version.Items.GetValueOrDefault(id) : null;
        return definition.Limit switch
        {
            LimitSource.Literal literal => literal.Limit,
            LimitSource.ItemPromised => item?.Promised,
            LimitSource.ItemStatutory => item?.Statutory,
            LimitSource.Given given => start.LimitIn(given.Field),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private void Close(Instant? stop, Guid? stoppedBy, Instant? voidedAt)
    {
        var closed = _open! with
        {
            Facts = _open.Facts with { Pauses = [.. _pauses], Extensions = [.. _extensions.Select(e => e.Extension)], Stop = stop },
            StoppedBy = stoppedBy,
            VoidedAt = voidedAt,
        };
        _open = null;
        var refused = new List<RefusedExtension>();
        Reckoning.Of(closed.Facts with { Stop = stop ?? voidedAt }, refused: refused);
        var anomalies = _anomalies.Concat(refused.Select(r => new Anomaly(KindOf(r.Refusal), [_extensions.First(e => ReferenceEquals(e.Extension, r.Extension)).By])));
        _clocks.Add(closed with { Anomalies = [.. anomalies] });
        _anomalies.Clear();
        // A pause that goes on is clipped to the next clock's start; what ended before it cannot matter to it.
        _extensions.Clear();
    }

    private static AnomalyKind KindOf(ExtensionRefusal refusal) => refusal switch
    {
        ExtensionRefusal.AfterDue => AnomalyKind.ExtensionAfterDue,
        ExtensionRefusal.OtherUnit => AnomalyKind.ExtensionInOtherUnit,
        ExtensionRefusal.OverCap => AnomalyKind.ExtensionOverCap,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
