using NodaTime;

namespace SlaMonitor.Domain.Cases;

/// <summary>The ratings of a case (好差评). A given one counts before a defaulted one, and the last given before those earlier.</summary>
/// <param name="Score">Of the one that counts, 1 best to 5 worst; null: it was voided, and none came after.</param>
/// <param name="Channel">The channel it came by; null: not said.</param>
/// <param name="Defaulted">True: nobody answered, and the score is what silence is taken for.</param>
/// <param name="At">When it was given.</param>
/// <param name="Given">How many were given, voided ones included.</param>
/// <param name="Voided">How many were voided.</param>
public sealed record CaseRatings(int? Score, Channel? Channel, bool Defaulted, Instant At, int Given, int Voided)
{
    /// <summary>True for a given rating of the two worst levels (差评).</summary>
    public bool IsBad => Score >= WorstOfGood + 1 && !Defaulted;

    /// <summary>The last level that counts as satisfied, 基本满意.</summary>
    public const int WorstOfGood = 3;

    /// <summary>The ratings after one more fact, given in fold order.</summary>
    public static CaseRatings? Evolve(CaseRatings? state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return fact.Event switch
        {
            CaseEvent.Rated { Defaulted: true } e => state is { Given: > 0 } ? state : new CaseRatings(e.Score, e.Channel, true, fact.OccurredAt, 0, 0),
            CaseEvent.Rated e => new CaseRatings(e.Score, e.Channel, false, fact.OccurredAt, (state?.Given ?? 0) + 1, state?.Voided ?? 0),
            CaseEvent.RatingVoided when state is { Score: not null, Defaulted: false } => state with { Score = null, Channel = null, Voided = state.Given },
            _ => state,
        };
    }
}
