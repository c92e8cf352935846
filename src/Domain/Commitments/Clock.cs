using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A commitment running on one stream: its facts, from which every reading is worked out anew.</summary>
/// <param name="Definition">As frozen when the clock started.</param>
/// <param name="Key">The value of the key field, such as the branch; null: the commitment has no key.</param>
/// <param name="Ordinal">1 for the first clock of this commitment on the stream, then 2, …</param>
/// <param name="CatalogueVersion">The version the definition is from.</param>
/// <param name="Facts">Limit, start, pauses, extensions and stop.</param>
/// <param name="StartedBy">The event that started it.</param>
/// <param name="StoppedBy">The event that stopped or voided it; null: none yet.</param>
/// <param name="VoidedAt">When the matter ended without the promise applying; null: it did not.</param>
/// <param name="AppearsAt">The clock is there only after this instant, when silence has become acceptance; null: it is there.</param>
/// <param name="Anomalies">Contradictions met while folding.</param>
public sealed record Clock(
    CommitmentDefinition Definition,
    string? Key,
    int Ordinal,
    string CatalogueVersion,
    ClockFacts Facts,
    Guid StartedBy,
    Guid? StoppedBy,
    Instant? VoidedAt,
    Instant? AppearsAt,
    ValueList<Anomaly> Anomalies)
{
    /// <summary>
    /// Reads the clock with due-passing judged at an instant; without one, by the facts alone, and an open clock then reads
    /// running or paused. A clock that has ended reads the same whenever it is asked: what the log holds has happened.
    /// </summary>
    public ClockReading Read(Instant? at = null)
    {
        // Void after due stays breached; void before due is neither met nor breached.
        var reckoning = Reckoning.Of(Facts with { Stop = EndedAt }, EndedAt is null ? at : null);
        var state = VoidedAt is not null && reckoning.State == ClockState.Met ? ClockState.Void : reckoning.State;
        Instant? settledAt = state switch
        {
            ClockState.Met => EndedAt,
            ClockState.Breached => Tick.ToInstant(Tick.Of(reckoning.DueAt!.Value) - 1),
            _ => null,
        };
        return new ClockReading(state, reckoning, settledAt, DueSoonAt(reckoning));
    }

    /// <summary>When silence had become the acceptance that started it; null: it was not deemed.</summary>
    public Instant? DeemedAfter => Definition.OverdueOf is null ? AppearsAt : null;

    /// <summary>When it stopped or was voided; null: it is open.</summary>
    public Instant? EndedAt => VoidedAt ?? Facts.Stop;

    /// <summary>Explains the clock up to its end or, while it is open, an instant, by the code that gives the verdict.</summary>
    public Explanation Explain(Instant at)
    {
        var until = EndedAt ?? at;
        return Explanation.Of(Facts with { Stop = EndedAt }, until < Facts.Start ? Facts.Start : until);
    }

    /// <summary>When the first level before due begins to hold; null without due or level.</summary>
    private Instant? DueSoonAt(in Reckoning reckoning)
    {
        foreach (var level in Definition.Levels)
        {
            if (level.IsBeforeDue)
                return level.InstantFor(Facts, reckoning);
        }

        return null;
    }
}

/// <summary>What a clock says.</summary>
/// <param name="State">Running, paused, met, breached or void.</param>
/// <param name="Reckoning">Due, used, remaining, last pause.</param>
/// <param name="SettledAt">The stop when met; the last tick before due when breached; null while open or void.</param>
/// <param name="DueSoonAt">When the first level before due begins to hold; null without due or level.</param>
public sealed record ClockReading(ClockState State, Reckoning Reckoning, Instant? SettledAt, Instant? DueSoonAt);
