using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Pages;

/// <summary>One rating of a case, and what became of it.</summary>
/// <param name="At">When it was given.</param>
/// <param name="Score">1 best to 5 worst.</param>
/// <param name="Channel">By which channel; null: not said.</param>
/// <param name="Standing">Whether it counts.</param>
/// <param name="Outcome">Of a bad one, what was done about it.</param>
internal sealed record GivenRating(Instant At, int Score, Channel? Channel, RatingStanding Standing, RatingOutcome Outcome)
{
    /// <summary>True for a given rating of the two worst levels.</summary>
    public bool IsBad => Score > CaseRatings.WorstOfGood && Standing != RatingStanding.Defaulted;

    /// <summary>The ratings among the facts of a case, in fold order.</summary>
    public static IReadOnlyList<GivenRating> Of(IEnumerable<Recorded> facts)
    {
        var entries = new List<GivenRating>();
        foreach (var fact in facts)
        {
            switch (fact.Event)
            {
                case CaseEvent.Rated e:
                    Add(entries, fact.OccurredAt, e);
                    break;
                case CaseEvent.RatingVoided:
                    Change(entries, r => r.Standing is RatingStanding.Counts or RatingStanding.Replaced, r => r with { Standing = RatingStanding.Voided, Outcome = RatingOutcome.Voided });
                    break;
                case CaseEvent.RatingRectified:
                    Change(entries, r => r is { IsBad: true, Outcome: < RatingOutcome.Rectified }, r => r with { Outcome = RatingOutcome.Rectified });
                    break;
                case CaseEvent.ApplicantContacted:
                    Change(entries, r => r is { IsBad: true, Outcome: RatingOutcome.None }, r => r with { Outcome = RatingOutcome.Contacted });
                    break;
            }
        }

        return entries;
    }

    // As the ratings of a case are folded: one that was given comes before any that was not, and the last given before those earlier.
    private static void Add(List<GivenRating> entries, Instant at, CaseEvent.Rated e)
    {
        if (!e.Defaulted)
            Change(entries, r => r.Standing == RatingStanding.Counts, r => r with { Standing = RatingStanding.Replaced });
        entries.Add(new GivenRating(at, e.Score, e.Channel, e.Defaulted ? RatingStanding.Defaulted : RatingStanding.Counts, RatingOutcome.None));
    }

    private static void Change(List<GivenRating> entries, Func<GivenRating, bool> which, Func<GivenRating, GivenRating> to)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (which(entries[i]))
                entries[i] = to(entries[i]);
        }
    }
}

/// <summary>Whether a rating counts.</summary>
internal enum RatingStanding
{
    /// <summary>It is the one that counts.</summary>
    Counts,

    /// <summary>A later one counts in its place.</summary>
    Replaced,

    /// <summary>Nobody answered.</summary>
    Defaulted,

    /// <summary>It was voided.</summary>
    Voided,
}
