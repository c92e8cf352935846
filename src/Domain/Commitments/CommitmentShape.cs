namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// What of a definition decides which clocks there are at all. Versions that differ in it are folded apart, so that a version
/// published later takes no clock of an earlier one away.
/// </summary>
internal sealed record CommitmentShape(string Id, string? Key, string Start)
{
    public static CommitmentShape Of(CommitmentDefinition definition) => new(definition.Id, definition.Key, definition.Start);

    public bool Fits(CommitmentDefinition definition) => definition.Id == Id && definition.Key == Key && definition.Start == Start;
}
