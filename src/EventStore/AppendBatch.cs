namespace SlaMonitor.EventStore;

/// <summary>One transaction's events, each id once, with the streams they go to.</summary>
internal sealed class AppendBatch
{
    private readonly Dictionary<string, string> _streamTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, EventToAppend> _byId;
    private readonly List<EventToAppend> _events;

    public AppendBatch(string centre, IReadOnlyList<EventToAppend> given, IReadOnlyDictionary<string, long>? expectedVersions)
    {
        Centre = centre;
        ExpectedVersions = expectedVersions;
        _byId = new(given.Count);
        _events = new(given.Count);
        foreach (var e in given)
            Add(e);
        foreach (var stream in expectedVersions?.Keys ?? [])
            if (!_streamTypes.ContainsKey(stream))
                throw new ArgumentException($"A version is expected of stream {stream}, which no event goes to.", nameof(expectedVersions));
    }

    public string Centre { get; }

    public IReadOnlyDictionary<string, long>? ExpectedVersions { get; }

    public string[] StreamIds => [.. _streamTypes.Keys];

    public string[] StreamTypes => [.. _streamTypes.Values];

    public Guid[] Ids => [.. _byId.Keys];

    /// <summary>The events not recorded yet, each with its version, in batch order. <paramref name="streams"/> ends at the new versions.</summary>
    public List<AppendRow> Number(IReadOnlyDictionary<Guid, KnownEvent> known, Dictionary<string, StreamHead> streams)
    {
        var rows = new List<AppendRow>(_events.Count);
        foreach (var e in _events)
        {
            if (known.TryGetValue(e.Id, out var recorded))
            {
                if (recorded.Centre != Centre || !e.SameContent(recorded.StreamId, recorded.Type, recorded.Data))
                    throw new EventIdReusedException(e.Id, e.StreamId);
                continue;
            }
            var head = streams[e.StreamId];
            if (!head.Grown)
                CheckFirst(e.StreamId, head);
            head.Grown = true;
            rows.Add(new(e, ++head.Version));
        }
        return rows;
    }

    private void Add(EventToAppend e)
    {
        ArgumentException.ThrowIfNullOrEmpty(e.StreamId, nameof(EventToAppend.StreamId));
        ArgumentException.ThrowIfNullOrEmpty(e.StreamType, nameof(EventToAppend.StreamType));
        ArgumentException.ThrowIfNullOrEmpty(e.Type, nameof(EventToAppend.Type));
        if (_byId.TryAdd(e.Id, e))
        {
            _events.Add(e);
            _streamTypes.TryAdd(e.StreamId, e.StreamType);
            return;
        }
        if (!e.SameContent(_byId[e.Id]))
            throw new EventIdReusedException(e.Id, e.StreamId);
    }

    // Asked only of streams that get something new: a retry that finds all its events recorded has nothing left to be refused.
    private void CheckFirst(string streamId, StreamHead head)
    {
        if (head.IsArchived)
            throw new StreamArchivedException(streamId);
        if (ExpectedVersions is not null && ExpectedVersions.TryGetValue(streamId, out var expected) && expected != head.Version)
            throw new VersionConflictException(streamId, expected, head.Version);
    }
}

/// <summary>An event with the version it gets in its stream.</summary>
internal readonly record struct AppendRow(EventToAppend Event, long Version);

/// <summary>What a transaction wrote, in batch order, and the position of each.</summary>
internal readonly record struct AppendedRows(List<AppendRow> Rows, long[] Positions)
{
    /// <summary>What became of some of the events, all of which were in the batch. An event that two of its parts hold is the first one's.</summary>
    public AppendResult For(IReadOnlyList<EventToAppend> part)
    {
        var own = new HashSet<EventToAppend>(part, ReferenceEqualityComparer.Instance);
        var (appended, last) = (0, (long?)null);
        for (var i = 0; i < Rows.Count; i++)
        {
            if (own.Contains(Rows[i].Event))
                (appended, last) = (appended + 1, Positions[i]);
        }
        return new(appended, part.Count - appended, last);
    }
}

/// <summary>What the log holds under an id that is being appended.</summary>
internal readonly record struct KnownEvent(string Centre, string StreamId, string Type, ReadOnlyMemory<byte> Data);

/// <summary>A locked stream.</summary>
internal sealed class StreamHead(long version, bool isArchived)
{
    public long Version { get; set; } = version;

    public bool IsArchived { get; } = isArchived;

    public bool Grown { get; set; }
}
