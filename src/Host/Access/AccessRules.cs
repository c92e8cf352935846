namespace SlaMonitor.Host.Access;

/// <summary>How strictly a server asks who calls.</summary>
/// <param name="TokensRequired">False: whoever reaches it may do everything, which holds on this machine only.</param>
/// <param name="FailuresPerMinute">How many refused credentials of an address are looked at.</param>
internal sealed record AccessRules(bool TokensRequired, int FailuresPerMinute = AccessRules.DefaultFailuresPerMinute)
{
    /// <summary>Enough for somebody who mistypes.</summary>
    public const int DefaultFailuresPerMinute = 10;
}
