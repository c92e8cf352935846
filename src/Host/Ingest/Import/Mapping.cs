using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What records come in.</summary>
internal enum SourceFormat
{
    /// <summary>Rows under a header.</summary>
    Csv,

    /// <summary>IEEE 1849: traces with events.</summary>
    Xes,

    /// <summary>A sheet with a header.</summary>
    Xlsx,

    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>One JSON document; what webhooks send.</summary>
    Json,
}

/// <summary>How records become events; written in YAML.</summary>
/// <param name="Format">What the records come in.</param>
/// <param name="Centre">The centre the cases belong to.</param>
/// <param name="Source">The source all events are sent under. Two formats of one export under one source give the same events.</param>
/// <param name="Stream">What events are about unless their rule says otherwise: the first part of the stream's name.</param>
/// <param name="Case">The number of the case, or of whatever the stream is about.</param>
/// <param name="SequenceByRow">Events of one instant keep the order of the records of their case.</param>
/// <param name="Csv">How CSV is written.</param>
/// <param name="Xlsx">Which sheet is read.</param>
/// <param name="Attributes">Every attribute the rules ask for.</param>
/// <param name="Rules">One for each kind of event.</param>
internal sealed record Mapping(
    SourceFormat Format, string Centre, string Source, StreamKind Stream, Template Case, bool SequenceByRow, CsvLayout Csv, XlsxLayout Xlsx, AttributeNames Attributes, IReadOnlyList<MappingRule> Rules)
{
    /// <summary>Each item of this list is a record of its own; null: a record is the document, or what the format has for one.</summary>
    public ItemList? Each { get; init; }

    /// <summary>A record that is not so is passed over.</summary>
    public Conditions When { get; init; } = new([]);

    /// <summary>What outages have in common that follow one another: their numbers begin with it. Null: they have nothing.</summary>
    public Template? Series { get; init; }

    /// <summary>Where a document says how many items of the list its sender left out; null: nowhere.</summary>
    public JsonPath? LeftOut { get; init; }

    /// <exception cref="ImportFileException">The mapping cannot be used; the message lists every fault with its place.</exception>
    public static Mapping ReadFile(string path) => MappingFile.Read(path).Mapping;

    /// <summary>The attributes a number is made of, for messages.</summary>
    public string ColumnsOf(Template number) => string.Join(", ", number.Slots.Distinct().Select(s => Attributes.Names[s]));

    /// <summary>The attributes a field of an event of ours is read from, for messages.</summary>
    public string ColumnOf(MappingRule rule, string field)
    {
        if (field.StartsWith("data.", StringComparison.Ordinal))
            return new MappedValue.Nested(rule.Data).ColumnOf(field.AsSpan("data.".Length), Attributes);
        // An event that happens once a case is told by the case alone.
        var slots = field switch { "time" => rule.At.Of, "id" => rule.Id.Slots.Any() ? rule.Id.Slots : rule.Case.Slots, "subject" => rule.Case.Slots, _ => [] };
        return string.Join(", ", slots.Distinct().Select(s => Attributes.Names[s]));
    }
}

/// <summary>How CSV is written.</summary>
/// <param name="Encoding">Its name; null: UTF-8, unless a byte order mark says otherwise.</param>
/// <param name="Delimiter">Between the values.</param>
/// <param name="Skip">Lines above the header.</param>
internal sealed record CsvLayout(string? Encoding, char Delimiter, int Skip);

/// <summary>Which sheet is read.</summary>
/// <param name="Sheet">Its name; null: the first.</param>
/// <param name="Skip">Rows above the header.</param>
internal sealed record XlsxLayout(string? Sheet, int Skip);

/// <summary>One event for each case, or for each record.</summary>
/// <param name="Type">The event's name.</param>
/// <param name="Stream">What it is about: the first part of the stream's name.</param>
/// <param name="Case">The number that follows.</param>
/// <param name="EachEvent">True: of every record that meets it; an attribute the event and its case both have is the event's. False: of the first record of a case that meets it and has a time; such an attribute is the case's.</param>
/// <param name="At">Where the time stands: the first attribute that has a value. A record without gives no event.</param>
/// <param name="Times">How the time is written.</param>
/// <param name="Id">Names the event within its stream.</param>
/// <param name="When">What a record must be.</param>
/// <param name="Data">The event's fields.</param>
internal sealed record MappingRule(
    string Type, StreamKind Stream, Template Case, bool EachEvent, ValueSource.First At, TimeForms Times, Template Id, Conditions When, IReadOnlyList<(string Field, MappedValue Value)> Data);
