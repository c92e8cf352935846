using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// Folds the sorted facts of one stream into the clocks of one commitment and key. What contradicts the facts rather than a
/// clock goes to <c>factAnomalies</c>. First: what the first fact says of what the clocks run on.
/// </summary>
internal sealed class ClockFold(CommitmentShape shape, string? key, CatalogueLog catalogue, IClockSubject? first, Instant? appearsAt, List<Anomaly> factAnomalies)
{
    private readonly List<Clock> _clocks = [];
    private readonly List<Anomaly> _anomalies = [];
    private readonly PauseFold _pauses = new(factAnomalies);
    private readonly List<(Extension Extension, Guid By, ExtendRule Rule)> _extensions = [];
    private readonly HashSet<string> _stopsSeen = [];
    private IClockSubject? _state;
    private Clock? _open;
    private Recorded? _endBeforeStart;
    private Recorded? _startWithoutLimit;
    private Guid? _leftBy;
    private bool _startSeen;

    /// <summary>Folds those of the facts that can matter.</summary>
    /// <param name="sorted">The facts.</param>
    /// <param name="relevant">The types that can.</param>
    public List<Clock> Run(List<ToldFact> sorted, HashSet<string> relevant)
    {
        foreach (var (fact, before, after) in sorted)
        {
            if (!relevant.Contains(fact.Type))
                continue;
            // A new receipt or a reopening begins anew: an end before it is not an end before the next start.
            if (fact.Event is CaseEvent.Reopened || (fact.Event is CaseEvent.Received && before.HasBegun))
                _endBeforeStart = null;
            _state = after;
            Apply(fact);
        }

        if (_open is not null)
            Close(null, null, null);
        else if (_endBeforeStart is { } end && !_startSeen && DefinitionAt(end) is { } definition && definition.Stop.Events.Contains(end.Type))
            factAnomalies.Add(new Anomaly(AnomalyKind.StopWithoutStart, [end.Id]));
        return _clocks;
    }

    private void Apply(Recorded fact)
    {
        _startSeen |= fact.Type == shape.Start;
        // A clock's own definition goes on after it has closed; only a start asks the catalogue again.
        var starting = _open is null ? DefinitionAt(fact) : null;
        if ((_open?.Definition ?? (_clocks.Count > 0 ? _clocks[^1].Definition : starting)) is not { } definition)
            return;
        if (definition.Pause is { } pause)
            _pauses.Apply(fact, pause);
        if (fact.Event.Prolongs is { } granted && definition.Extend.Count > 0)
            Extend(fact, granted, definition.Extend);
        if (fact.Type == shape.Start && Applies(definition, fact.Event) && (_open is not null || starting is not null))
            Start(fact);
        else if (definition.Stop.Events.Contains(fact.Type))
            Stop(fact, definition);
        else if (definition.Voids.Contains(fact.Type))
            Void(fact);
        else if (fact.Event.ChangesLimits)
            Reselect(fact);
        else if (fact.Event is CaseEvent.Reopened && definition.Reopen == Reopen.Last)
        {
            _stopsSeen.Clear();
            OpenLastAgain();
        }
    }

    private static bool Applies(CommitmentDefinition definition, StreamEvent start)
    {
        foreach (var condition in definition.When)
        {
            if (start.WordIn(condition.Field) is not { } word || !condition.Words.Contains(word))
                return false;
        }

        return true;
    }

    private CommitmentDefinition? DefinitionAt(Recorded start)
    {
        if (catalogue.At(start.OccurredAt, start.Position) is not { } version)
            return null;
        foreach (var definition in version.Commitments)
        {
            if (shape.Fits(definition))
                return definition;
        }

        return null;
    }

    private void Start(Recorded fact)
    {
        if (_open is not null)
        {
            _anomalies.Add(new Anomaly(AnomalyKind.SecondStart, [_open.StartedBy, fact.Id]));
            return;
        }

        var version = catalogue.At(fact.OccurredAt, fact.Position)!;
        var definition = DefinitionAt(fact)!;
        // A service that the catalogue does not know has no hours and no limits.
        if (definition.Calendar == CommitmentDefinition.ServiceHours && !version.Services.ContainsKey(_state?.Item ?? ""))
            return;
        if (LimitOf(definition, version, fact.Event, fact.OccurredAt) is not { } limit)
        {
            // A commitment the item does not make is no contradiction; a limit the event should carry is.
            if (definition.Limit is LimitSource.Given)
                factAnomalies.Add(new Anomaly(AnomalyKind.NoLimit, [fact.Id]));
            _startWithoutLimit = fact;
            return;
        }

        Open(fact, definition, version, limit);
        if (_endBeforeStart is { } early)
            EndBeforeStart(early, fact, definition);
    }

    private void Open(Recorded start, CommitmentDefinition definition, Catalogue version, Limit limit)
    {
        _startWithoutLimit = null;
        if (definition.Calendar == CommitmentDefinition.ServiceHours)
            definition = definition with { Calendar = version.Services[_state!.Item!].Hours };
        var facts = new ClockFacts(version.Calendars[definition.Calendar], limit, start.OccurredAt);
        _open = new Clock(definition, key, _clocks.Count + 1, version.Version, facts, start.Id, null, null, _clocks.Count == 0 ? appearsAt : null, []);
    }

    private void EndBeforeStart(Recorded early, Recorded start, CommitmentDefinition definition)
    {
        _endBeforeStart = null;
        var voids = definition.Voids.Contains(early.Type);
        _anomalies.Add(new Anomaly(voids ? AnomalyKind.VoidBeforeStart : AnomalyKind.StopBeforeStart, [early.Id, start.Id]));
        if (voids)
            Close(early, null, start.OccurredAt);
        else
            Close(early, early.OccurredAt, null);
    }

    private void Stop(Recorded fact, CommitmentDefinition definition)
    {
        if (definition.Stop.PassesEarly && _open is null && _clocks.Count == 0 && _startWithoutLimit is null)
            return;
        if (definition.Stop.All)
        {
            if (_open is null && _clocks.Count > 0 && definition.Reopen == Reopen.New)
                return;
            _stopsSeen.Add(fact.Type);
            if (_stopsSeen.Count < definition.Stop.Events.Count)
                return;
        }

        if (_open is null && definition.Reopen == Reopen.Last && _clocks.Count > 0 && _clocks[^1].VoidedAt is null)
            OpenLastAgain();
        if (_open is not null)
            Close(fact, fact.OccurredAt, null);
        else
            EndWithoutClock(fact);
    }

    /// <summary>An end before any start belongs to the start that follows; one after a start that made no clock, to nothing.</summary>
    private void EndWithoutClock(Recorded fact)
    {
        if (_clocks.Count == 0 && _startWithoutLimit is null)
            _endBeforeStart ??= fact;
        _startWithoutLimit = null;
        _leftBy = null;
    }

    private void Void(Recorded fact)
    {
        if (_open is not null)
            Close(fact, null, fact.OccurredAt);
        else if (!fact.Event.TakesBack)
            EndWithoutClock(fact);
    }

    private void Extend(Recorded fact, GrantedExtension granted, ValueList<ExtendRule> rules)
    {
        if (_open is null && _clocks.Count > 0 && _clocks[^1].Definition.Reopen == Reopen.New)
            factAnomalies.Add(new Anomaly(AnomalyKind.ExtensionAfterEnd, [fact.Id]));
        else if (rules.FirstOrDefault(r => r.On == fact.Type && (r.Approver is null || r.Approver == granted.Approver) && (r.Kind is null || r.Kind == KindAt(fact))) is { } rule)
            _extensions.Add((new Extension(fact.OccurredAt, granted.Add, granted.Reason, fact.RecordedAt), fact.Id, rule));
        else
            _anomalies.Add(new Anomaly(AnomalyKind.ExtensionNotApproved, [fact.Id]));
    }

    /// <summary>
    /// Another kind, item or priority: the limit is selected anew and counted from the start, unless it was due before. A
    /// commitment the case comes to be under has run from that start, too; one it is under no more does not apply.
    /// </summary>
    private void Reselect(Recorded fact)
    {
        if (_startWithoutLimit is { } start && DefinitionAt(start) is { OnChange: OnChange.Reselect } late && catalogue.At(start.OccurredAt, start.Position) is { } then && LimitOf(late, then, start.Event, start.OccurredAt) is { } own)
        {
            Open(start, late, then, own);
            return;
        }

        if (_open is null && _leftBy is { } left && _clocks[^1].StoppedBy == left)
        {
            ComeBack(fact);
            return;
        }

        if (_open is not { Definition: { OnChange: OnChange.Reselect, Limit: not LimitSource.Given } definition } open)
            return;
        var version = catalogue.Named(open.CatalogueVersion);
        if (LimitOf(definition, version, fact.Event, open.Facts.Start) is not { } limit)
        {
            // An item the version does not know says nothing about what it promises.
            if ((_state?.Item ?? first?.Item) is not { } item || version.Items.ContainsKey(item) || version.Services.ContainsKey(item))
                Leave(fact);
            return;
        }

        if (limit == open.Facts.Limit)
            return;
        var soFar = FactsSoFar(open);
        if (!(Reckoning.Of(soFar with { Calendar = CalendarOf(open, soFar, fact, voided: false) }).DueAt < fact.OccurredAt))
            _open = open with { Facts = open.Facts with { Limit = limit } };
    }

    /// <summary>The case is under the commitment no more, unless it is changed back.</summary>
    private void Leave(Recorded change)
    {
        var extensions = _extensions.ToArray();
        Close(change, null, change.OccurredAt);
        // Breached before, it stays so.
        if (_clocks[^1].Read().State != ClockState.Void)
            return;
        _leftBy = change.Id;
        if (_extensions.Count == 0)
            _extensions.AddRange(extensions);
    }

    /// <summary>Changed back: it has been under the commitment all the time.</summary>
    private void ComeBack(Recorded change)
    {
        var last = _clocks[^1];
        if (LimitOf(last.Definition, catalogue.Named(last.CatalogueVersion), change.Event, last.Facts.Start) is not { } limit)
            return;
        _leftBy = null;
        OpenLastAgain();
        _open = _open! with { Facts = _open.Facts with { Limit = limit, Calendar = catalogue.Named(last.CatalogueVersion).Calendars[last.Definition.Calendar] } };
    }

    private void OpenLastAgain()
    {
        if (_open is not null || _clocks.Count == 0)
            return;
        _open = _clocks[^1] with { Facts = _clocks[^1].Facts with { Stop = null }, StoppedBy = null, VoidedAt = null };
        _anomalies.AddRange(_open.Anomalies.Where(a => !IsOfExtension(a.Kind)));
        _clocks.RemoveAt(_clocks.Count - 1);
    }

    private Limit? LimitOf(CommitmentDefinition definition, Catalogue version, StreamEvent start, Instant since)
    {
        // An acceptance can be dated before its receipt; what the receipt says is known all the same. Later changes are not.
        var item = (_state?.Item ?? first?.Item) is { } id ? version.Items.GetValueOrDefault(id) : null;
        var (kind, priority) = (_state?.Kind ?? first?.Kind ?? item?.Kind, (_state ?? first)?.PriorityIn(version, first));
        return definition.Limit switch
        {
            LimitSource.Literal literal => literal.Limits.For(kind, priority),
            LimitSource.ItemPromised => item?.Promised?.For(kind, priority),
            LimitSource.ItemStatutory => item?.Statutory?.For(kind, priority),
            LimitSource.ServiceRestore => (_state?.Item ?? first?.Item) is { } service ? version.TargetsOf(service, since).Restore?.For(null, priority) : null,
            LimitSource.Given given => start.LimitIn(given.Field) ?? given.Default?.For(kind, priority),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private CaseKind? KindAt(Recorded fact) => _state?.Kind ?? first?.Kind
        ?? ((_open is { } open ? catalogue.Named(open.CatalogueVersion) : catalogue.At(fact.OccurredAt, fact.Position)) is { } version && (_state?.Item ?? first?.Item) is { } item ? version.Items.GetValueOrDefault(item)?.Kind : null);

    private ClockFacts FactsSoFar(Clock open) => open.Facts with
    {
        Pauses = _pauses.SoFar,
        Extensions = _extensions.Count == 0 ? [] : [.. _extensions.Select(e => e.Extension)],
        ExtensionCap = CapOf(open.Facts.Limit),
    };

    /// <summary>The most that all together may add: what the farthest-reaching of the approvals given allows; null: any length.</summary>
    private Fraction? CapOf(Limit limit)
    {
        Fraction? cap = 0;
        foreach (var (_, _, rule) in _extensions)
        {
            if (rule.Max is null)
                return null;
            // A cap in another unit than the limit allows nothing: what it would allow cannot be said.
            if (rule.Max.Unit == limit.Unit && rule.Max.Total > cap)
                cap = rule.Max.Total;
        }

        return cap;
    }

    private void Close(Recorded? end, Instant? stop, Instant? voidedAt)
    {
        var open = _open!;
        var facts = FactsSoFar(open) with { Stop = voidedAt ?? stop };
        facts = facts with { Calendar = CalendarOf(open, facts, end, voidedAt is not null) };
        _anomalies.AddRange(RefusedExtensions(facts));
        _clocks.Add(open with { Facts = facts with { Stop = stop }, StoppedBy = end?.Id, VoidedAt = voidedAt, Anomalies = [.. _anomalies] });
        _open = null;
        _anomalies.Clear();
        if (open.Definition.Reopen == Reopen.Last)
            return;
        // The next clock is a matter of its own: what prolonged this one, and what stopped it, is not the next one's.
        _extensions.Clear();
        _stopsSeen.Clear();
    }

    private IEnumerable<Anomaly> RefusedExtensions(in ClockFacts facts)
    {
        if (_extensions.Count == 0)
            return [];
        var refused = new List<RefusedExtension>();
        Reckoning.Of(facts, refused: refused);
        return refused.Select(r => new Anomaly(KindOf(r.Refusal), [_extensions.First(e => ReferenceEquals(e.Extension, r.Extension)).By]));
    }

    /// <summary>
    /// Open clocks follow the newest calendar; a settled one keeps what it was settled with. So the published versions are
    /// gone through in turn, until one comes after the end was recorded, or after the clock had fallen due under the one before.
    /// </summary>
    private Calendar CalendarOf(Clock clock, in ClockFacts facts, Recorded? end, bool voided)
    {
        var frozen = catalogue.Named(clock.CatalogueVersion).Position;
        var (calendar, publication) = (facts.Calendar, frozen);
        foreach (var version in catalogue.Versions)
        {
            if (version.Calendars.GetValueOrDefault(clock.Definition.Calendar) is not { } next || next.Version == calendar.Version || version.Position < frozen)
                continue;
            if (end is not null && version.Position > end.Position)
                break;
            if (Reckoning.Of(facts with { Calendar = calendar }).DueAt < version.PublishedAt)
                break;
            (calendar, publication) = (next, version.Position);
        }

        foreach (var order in catalogue.Recalculations)
            (calendar, publication) = Recalculated(clock, facts with { Calendar = calendar }, publication, order, end, voided);
        return calendar;
    }

    /// <summary>
    /// The newest calendar published before the order, when it concerns a clock that had settled by then; else the clock's own.
    /// Nothing goes back to a calendar older than the one in force.
    /// </summary>
    private (Calendar Calendar, long Publication) Recalculated(Clock clock, in ClockFacts facts, long publication, Recalculation order, Recorded? end, bool voided)
    {
        // What was recorded after the order had not ended the clock by then; what was voided in time has not settled.
        var stop = end is null || end.Position < order.Position ? facts.Stop : null;
        var reading = Reckoning.Of(facts with { Stop = stop }, stop is null ? order.RecordedAt : null);
        Instant? settledAt = reading.State switch { ClockState.Met when !voided => stop, ClockState.Breached => Tick.ToInstant(Tick.Of(reading.DueAt!.Value) - 1), _ => null };
        if (!order.Concerns(clock.Definition.Id, settledAt))
            return (facts.Calendar, publication);
        var newest = (facts.Calendar, Publication: publication);
        foreach (var version in catalogue.Versions)
        {
            if (version.Position > newest.Publication && version.Position < order.Position && version.Calendars.GetValueOrDefault(clock.Definition.Calendar) is { } newer)
                newest = (newer, version.Position);
        }

        return newest;
    }

    private static bool IsOfExtension(AnomalyKind kind) =>
        kind is AnomalyKind.ExtensionAfterDue or AnomalyKind.ExtensionInOtherUnit or AnomalyKind.ExtensionOverCap or AnomalyKind.SuspectedBackdating;

    private static AnomalyKind KindOf(ExtensionRefusal refusal) => refusal switch
    {
        ExtensionRefusal.AfterDue => AnomalyKind.ExtensionAfterDue,
        ExtensionRefusal.OtherUnit => AnomalyKind.ExtensionInOtherUnit,
        ExtensionRefusal.OverCap => AnomalyKind.ExtensionOverCap,
        ExtensionRefusal.Backdated => AnomalyKind.SuspectedBackdating,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
