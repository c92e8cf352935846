using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What is remembered of a case between its records.</summary>
internal sealed class CaseState
{
    /// <summary>The rules for once a case that have been met, a bit each.</summary>
    public ulong Met { get; set; }

    /// <summary>Records of the case so far.</summary>
    public int Records { get; set; }

    /// <summary>What is kept of the record before; null on the first.</summary>
    public string?[]? Before { get; set; }
}

/// <summary>
/// What is remembered of each case, in files whose cases are interleaved; some hundred bytes a case, whatever its number looks
/// like, and nothing at all when no rule asks for it. Of a trace only the current one is remembered.
/// </summary>
internal sealed class CaseMemory(Mapping mapping)
{
    private const int MaxShared = 10_000;

    // By a hash of 128 bits: case numbers may be long, and two that share one are not to be expected in any file.
    private readonly Dictionary<UInt128, CaseState> _states = [];
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly bool _asked = mapping.SequenceByRow || mapping.Attributes.Kept.Count > 0 || mapping.Rules.Any(r => !r.EachEvent);
    private string?[]? _trace;
    private CaseState _current = new();

    /// <summary>What is remembered of the case of a record.</summary>
    public CaseState Of(ImportRecord record, string caseNumber)
    {
        if (!_asked)
            return _current;
        if (mapping.Format == SourceFormat.Xes)
        {
            if (!ReferenceEquals(_trace, record.Case))
                (_trace, _current) = (record.Case, new CaseState());
            return _current;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(caseNumber.AsSpan()), hash);
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_states, MemoryMarshal.Read<UInt128>(hash), out _);
        return state ??= new CaseState();
    }

    /// <summary>Remembers a record for the next one of its case.</summary>
    public void Remember(ImportRecord record, CaseState state)
    {
        var kept = mapping.Attributes.Kept;
        if (kept.Count == 0)
            return;
        var reading = new Reading(record, true, state);
        var before = state.Before ??= new string?[kept.Count];
        for (var i = 0; i < kept.Count; i++)
            before[i] = Shared(reading[kept[i]]);
    }

    /// <summary>States and priorities are few words many times over.</summary>
    private string? Shared(string? value)
    {
        if (value is null || _shared.TryGetValue(value, out var same))
            return value is null ? null : _shared[value];
        if (_shared.Count < MaxShared)
            _shared.Add(value, value);
        return value;
    }
}
