using SlaMonitor.EventStore;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// Seals what made-up facts tell of made-up people, as the door does with real ones. Where this host has no key it is left out: nobody misses it, and a hall is shown
/// without a key, too.
/// </summary>
internal sealed class DemoSealing(EventSealing sealing)
{
    /// <summary>The same events, with what is personal of them sealed, or without it.</summary>
    public async Task<IReadOnlyList<EventToAppend>> SealAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct)
    {
        try
        {
            return await sealing.SealAsync(centre, events, ct);
        }
        catch (VaultClosedException)
        {
            return [.. events.Select(e => PersonalFields.Of(e) is null ? e : PersonalFields.Replaced(e, null))];
        }
    }
}
