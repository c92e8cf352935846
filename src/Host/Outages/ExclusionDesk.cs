using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Outages;

/// <summary>What came of a decision about an exclusion.</summary>
/// <param name="Position">Where it stands in the log; null: it was so already, or it was refused.</param>
/// <param name="Rejected">Why it cannot be; null: it is so now.</param>
/// <param name="Exclusion">Its id.</param>
internal sealed record ExclusionOutcome(long? Position, string? Rejected, string Exclusion);

/// <summary>
/// Decides about time that should not count, upon what the log holds at that moment: two who decide at once decide one after the other. An agreement has to allow
/// the kind; of planned maintenance it is approved only what was announced in time.
/// </summary>
internal sealed class ExclusionDesk(EventLog log, IClock clock, Follower follower)
{
    private const string Source = "sla/exclusions";
    private const int Tries = 5;

    /// <summary>Decides; null when there is no such outage or maintenance.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="catalogue">What it has published.</param>
    /// <param name="stream">The outage's or the maintenance's stream.</param>
    /// <param name="command">Makes the command of what is known of the stream; its reason is a refusal.</param>
    /// <param name="ct">Cancels before anything is stored.</param>
    public async Task<ExclusionOutcome?> DecideAsync(string centre, CatalogueLog catalogue, string stream, Func<ExclusionCase, (ExclusionCommand? Command, string? Refused)> command, CancellationToken ct)
    {
        for (var times = 1; ; times++)
        {
            if (await ReadAsync(centre, stream, ct) is not { } known)
                return null;
            var (wanted, refused) = command(known);
            if (wanted is null)
                return new ExclusionOutcome(null, refused, "");
            if ((refused ?? ForbiddenBy(known, wanted, catalogue)) is { } forbidden)
                return new ExclusionOutcome(null, forbidden, wanted.Exclusion);
            switch (Exclusion.Decide(wanted, known.Exclusions))
            {
                case ExclusionDecision.Rejected rejected:
                    return new ExclusionOutcome(null, rejected.Reason, wanted.Exclusion);
                case ExclusionDecision.Accepted { Events.Count: 0 }:
                    return new ExclusionOutcome(null, null, wanted.Exclusion);
                case ExclusionDecision.Accepted accepted:
                    try
                    {
                        var result = await log.AppendAsync(centre, [.. accepted.Events.Select(e => ToAppend(centre, stream, known.Version, e))], new Dictionary<string, long> { [stream] = known.Version }, ct);
                        follower.Wake();
                        return new ExclusionOutcome(result.LastPosition, null, wanted.Exclusion);
                    }
                    catch (VersionConflictException) when (times < Tries)
                    {
                        // Somebody added to the stream meanwhile; it is decided upon that.
                        break;
                    }

                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private static string? ForbiddenBy(ExclusionCase known, ExclusionCommand command, CatalogueLog catalogue)
    {
        var (kind, from, until) = command is ExclusionCommand.Propose p ? (p.Kind, p.From, p.Until) : known.Exclusions.FirstOrDefault(x => x.Id == command.Exclusion) is { } found ? (found.Kind, found.From, found.Until) : default;
        if (command is not (ExclusionCommand.Propose or ExclusionCommand.Approve) || from == default)
            return null;
        if (known.Misplaced(kind) is { } misplaced)
            return misplaced;
        if (known.Outside(from, until) is { } outside)
            return outside;
        var span = ServiceHistory.Of(catalogue, known.Service).FirstOrDefault(s => s.From <= from && from < s.Until);
        if (span?.Agreement?.ExclusionOf(kind) is not { } rule)
            return $"no agreement about service {known.Service} lets {OutageJson.WordOf(kind)} be excluded then";
        if (command is ExclusionCommand.Propose || known.Maintenance is not { } planned)
            return null;
        if (rule.Notice is { } notice && Reckoning.Of(new ClockFacts(span.Version.Calendars[span.Service.Hours], notice, planned.NoticeAt)).DueAt is { } earliest && earliest > from)
            return $"it was announced {Timestamps.Format(planned.NoticeAt, span.Version.Zone)}, and agreement {span.Agreement.Id} asks for so much notice that it could begin {Timestamps.Format(earliest, span.Version.Zone)} at the earliest";
        return null;
    }

    private async Task<ExclusionCase?> ReadAsync(string centre, string stream, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, stream, null, ct);
        var facts = events.Facts().Order(Comparer<Recorded>.Create(FoldOrder.Compare)).ToList();
        var exclusions = facts.Aggregate(default(ValueList<Exclusion>), Exclusion.Evolve);
        if (StreamKinds.Of(stream) == StreamKind.Maintenance)
        {
            var maintenance = facts.Aggregate(Maintenance.Unknown, Maintenance.Evolve);
            return maintenance.Service is { } service ? new ExclusionCase(service, maintenance, [], exclusions, events[^1].Version) : null;
        }

        var outage = facts.Aggregate(Outage.Unknown, Outage.Evolve);
        return outage.Last is { } last ? new ExclusionCase(last.Service, null, outage.Stretches, exclusions, events[^1].Version) : null;
    }

    private EventToAppend ToAppend(string centre, string stream, long version, ExclusionEvent e)
    {
        var (type, data) = e switch
        {
            ExclusionEvent.Proposed p => ("exclusion_proposed", new JsonObject { ["exclusion"] = p.Exclusion, ["kind"] = OutageJson.WordOf(p.Kind), ["from"] = Timestamps.Format(p.From), ["until"] = Timestamps.Format(p.Until), ["evidence"] = p.Evidence, ["by"] = p.By }),
            ExclusionEvent.Approved a => ("exclusion_approved", new JsonObject { ["exclusion"] = a.Exclusion, ["approver"] = a.Approver }),
            ExclusionEvent.Refused r => ("exclusion_refused", new JsonObject { ["exclusion"] = r.Exclusion, ["by"] = r.By, ["reason"] = r.Reason }),
            ExclusionEvent.Revoked r => ("exclusion_revoked", new JsonObject { ["exclusion"] = r.Exclusion, ["by"] = r.By, ["reason"] = r.Reason }),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        // Nobody else can have taken the id: of two who decide at once, the version refuses one, who then decides upon what the other did.
        var id = string.Create(CultureInfo.InvariantCulture, $"{stream}/{e.Exclusion}/{type}/{version}/{Guid.NewGuid():N}");
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(data.ToJsonString()));
        var reported = new ReportedEvent(type, stream, Source, id, Tick.ToInstant(Tick.Of(clock.GetCurrentInstant())), version, document.RootElement.Clone());
        return new EventToAppend(EventId.From(centre, Source, id), stream, StreamKinds.WordOf(StreamKinds.Of(stream)!.Value), type, EventTypes.Of(type).DotnetName, EventJson.Write(reported));
    }
}

/// <summary>What is known of the outage or the maintenance that time is to be excluded of.</summary>
internal sealed record ExclusionCase(string Service, Maintenance? Maintenance, ValueList<OutageStretch> Outages, ValueList<Exclusion> Exclusions, long Version)
{
    /// <summary>Why a time is not one to exclude here; null: it is. What lies outside the outage, or outside the maintenance as it is planned now, was not lost by it.</summary>
    public string? Outside(Instant from, Instant until)
    {
        if (Maintenance is { } planned)
        {
            return planned.CancelledAt is not null ? "the maintenance was cancelled"
                : from < planned.From || until > planned.Until ? "its time is not within the maintenance as it is planned now" : null;
        }

        return Outages.Any(o => !o.IsVoid && from >= o.StartedAt && !(until > o.EndedAt)) ? null : "its time is not within the outage";
    }

    /// <summary>Why a kind is not excluded here; null: it is.</summary>
    public string? Misplaced(ExclusionKind kind) => (kind == ExclusionKind.PlannedMaintenance) == (Maintenance is not null) ? null
        : Maintenance is null ? "planned maintenance is excluded where it was planned: give maintenance in place of outage" : "of a maintenance only plannedMaintenance is excluded";
}
