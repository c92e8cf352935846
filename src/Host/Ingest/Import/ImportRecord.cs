namespace SlaMonitor.Host.Ingest.Import;

/// <summary>One event of a source file with the attributes of its case, or a case alone. Only attributes the mapping asks for are kept, each in the slot <see cref="AttributeNames"/> gave it.</summary>
/// <param name="Line">Where it stands in the (unpacked) file, from 1.</param>
/// <param name="Case">Attributes of the case; of the same trace the same array. In formats without cases of their own: those of the record.</param>
/// <param name="Event">Attributes of the event; null where the record is about the case alone.</param>
internal sealed record ImportRecord(long Line, string?[] Case, string?[]? Event)
{
    /// <summary>What is wrong with the record itself; then nothing is made of it.</summary>
    public IReadOnlyList<RecordFault> Faults { get; init; } = [];

    /// <summary>Excel's dates count from 1904 in this file.</summary>
    public bool Date1904 { get; init; }
}

/// <summary>What is wrong with a record: the attribute it was read from, the field of the event it was read for, what is wrong and what to do. The value is not in it, as it may be personal data.</summary>
internal sealed record RecordFault(string Column, string Field, string Reason);

/// <summary>A source file or mapping that cannot be read on.</summary>
internal sealed class ImportFileException(string message) : Exception(message);
