namespace SlaMonitor.Host.Ingest.Import;

/// <summary>One event of a source file with the attributes of its case, or a case alone.</summary>
/// <param name="Line">Where it stands in the (unpacked) file, from 1.</param>
/// <param name="Case">Attributes of the case.</param>
/// <param name="Event">Attributes of the event; null where the record is about the case alone.</param>
/// <param name="FirstOfCase">True on the first record of a case in a row.</param>
internal sealed record ImportRecord(long Line, IReadOnlyDictionary<string, string> Case, IReadOnlyDictionary<string, string>? Event, bool FirstOfCase);
