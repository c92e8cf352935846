namespace SlaMonitor.Host.Notifications;

/// <summary>When what was not taken is sent again. Pure: the caller says how long it has been tried, by the database's clock.</summary>
/// <param name="First">The longest wait after the first attempt; it doubles from there.</param>
/// <param name="Longest">The longest wait.</param>
/// <param name="GiveUp">How long it is tried.</param>
internal sealed record RetrySchedule(TimeSpan First, TimeSpan Longest, TimeSpan GiveUp)
{
    // Whoever names an hour is asked again then; nobody silences on-call for longer by a header.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>5 s to 10 min for a day: a receiver may be away over night and be mended in the morning.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromHours(24));

    /// <summary>How long to wait now; null: it is given up.</summary>
    /// <param name="attempts">How often it was tried, at least once.</param>
    /// <param name="tried">For how long.</param>
    /// <param name="refusal">What came of the last attempt.</param>
    /// <param name="random">From 0 to 1: draws the wait from its upper half, so that what failed together does not come again together.</param>
    public TimeSpan? After(int attempts, TimeSpan tried, Refusal refusal, double random)
    {
        var doubled = First * Math.Pow(2, Math.Min(attempts - 1, 30));
        var wait = (doubled < Longest ? doubled : Longest) * (0.5 + (random / 2));
        if (refusal.RetryAfter is { } asked)
        {
            var obeyed = asked < LongestAsked ? asked : LongestAsked;
            wait = wait > obeyed ? wait : obeyed;
        }

        // Of a message that the receiver finds wrong it will think so tomorrow, too, and what follows on the same clock waits for it. Everything else, an
        // address or a credential that is wrong included, is a mistake that somebody mends.
        return tried + wait > (refusal.IsOfContent ? GiveUp / 24 : GiveUp) ? null : wait;
    }
}

/// <summary>Why an attempt came to nothing, in words that tell nothing of address, secret or content.</summary>
/// <param name="Reason">A status or a kind of failure.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone; null: it did not say.</param>
/// <param name="IsOfContent">It was this message that it would not have.</param>
/// <param name="IsPartial">Some took it: it has arrived, and this is said beside it.</param>
internal sealed record Refusal(string Reason, TimeSpan? RetryAfter = null, bool IsOfContent = false, bool IsPartial = false);
