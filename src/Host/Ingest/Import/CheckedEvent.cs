using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>An event of a file that may enter the log.</summary>
/// <param name="Line">The line of its record.</param>
/// <param name="Centre">Whose log it goes to.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Event">As the store takes it.</param>
/// <param name="Rule">The rule that made it; null: it stood in the file as it is.</param>
internal readonly record struct CheckedEvent(long Line, string Centre, string Source, EventToAppend Event, MappingRule? Rule)
{
    /// <summary>What is wrong with it where the log refuses it.</summary>
    /// <param name="mapping">What made it; null: it stood in the file as it is.</param>
    /// <param name="archived">Its case takes nothing more; else its id stands for other content.</param>
    public RecordFault Refused(Mapping? mapping, bool archived) => archived
        ? new RecordFault(mapping is not null && Rule is { } of ? mapping.ColumnOf(of, "subject") : "", "subject", "is a case that is archived; it takes nothing more")
        : new RecordFault(mapping is not null && Rule is { } rule ? mapping.ColumnOf(rule, "id") : "id", "id", "was recorded before with other content; events that differ need ids that differ");
}

/// <summary>Told of each record that cannot be used: its line, what is wrong, and the record itself where there is one.</summary>
internal delegate void RejectRecord(long line, IReadOnlyList<RecordFault> faults, ImportRecord? record);

/// <summary>How an import stands.</summary>
internal sealed class ImportTally
{
    public long Records { get; set; }

    public long Appended { get; set; }

    public long Duplicates { get; set; }
}
