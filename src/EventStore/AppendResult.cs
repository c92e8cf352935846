namespace SlaMonitor.EventStore;

/// <summary>What an append did. It is committed when this is returned.</summary>
/// <param name="Appended">Events now in the log that were not there before.</param>
/// <param name="Duplicates">Events dropped because their id was in the log already, or earlier in the same batch, with the same content.</param>
/// <param name="LastPosition">The highest position written; null when nothing was.</param>
public readonly record struct AppendResult(int Appended, int Duplicates, long? LastPosition);
