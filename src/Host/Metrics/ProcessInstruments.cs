using System.Diagnostics.Metrics;

namespace SlaMonitor.Host.Metrics;

/// <summary>Which instruments of .NET are published, under which names and as what: it calls some counters that go up and down, and names ratios and counts as nobody else does.</summary>
internal static class ProcessInstruments
{
    /// <summary>The meters they belong to.</summary>
    public static IReadOnlyList<string> Meters { get; } = ["System.Runtime", "Microsoft.AspNetCore.Hosting"];

    private static readonly Dictionary<string, ProcessInstrument> All = new()
    {
        ["dotnet.process.cpu.time"] = new("dotnet_process_cpu_time_seconds", FamilyType.Counter, "Processor time used.", "cpu.mode"),
        ["dotnet.process.memory.working_set"] = new("dotnet_process_memory_working_set_bytes", FamilyType.Gauge, "Memory of the process that is resident."),
        ["dotnet.gc.collections"] = new("dotnet_gc_collections", FamilyType.Counter, "Garbage collections.", "gc.heap.generation"),
        ["dotnet.gc.pause.time"] = new("dotnet_gc_pause_time_seconds", FamilyType.Counter, "Time in which collections stopped the program."),
        ["dotnet.gc.heap.total_allocated"] = new("dotnet_gc_heap_allocated_bytes", FamilyType.Counter, "Bytes allocated on the heap."),
        ["dotnet.gc.last_collection.memory.committed_size"] = new("dotnet_gc_last_collection_committed_bytes", FamilyType.Gauge, "Memory committed to the heap at the last collection."),
        ["dotnet.thread_pool.thread.count"] = new("dotnet_thread_pool_threads", FamilyType.Gauge, "Threads in the pool."),
        ["dotnet.thread_pool.queue.length"] = new("dotnet_thread_pool_queue_length", FamilyType.Gauge, "Work that waits for a thread."),
        ["dotnet.thread_pool.work_item.count"] = new("dotnet_thread_pool_work_items", FamilyType.Counter, "Work done by the pool."),
        ["dotnet.exceptions"] = new("dotnet_exceptions", FamilyType.Counter, "Exceptions thrown, those that were expected too.", "error.type"),
        ["http.server.request.duration"] = new("http_server_request_duration_seconds", FamilyType.Histogram, "Requests answered, by how long it took.", "http.request.method", "http.response.status_code", "http.route"),
        ["http.server.active_requests"] = new("http_server_active_requests", FamilyType.Gauge, "Requests being answered.", "http.request.method"),
    };

    /// <summary>How an instrument is published; null: it is not.</summary>
    public static ProcessInstrument? Find(Instrument instrument) => Meters.Contains(instrument.Meter.Name) ? All.GetValueOrDefault(instrument.Name) : null;
}

/// <summary>How an instrument is published.</summary>
/// <param name="Name">The family.</param>
/// <param name="Type">What it is.</param>
/// <param name="Help">What it means.</param>
/// <param name="Tags">The tags that become labels, in order; what others tell apart is added up.</param>
internal sealed record ProcessInstrument(string Name, FamilyType Type, string Help, params string[] Tags);
