using System.Threading.Channels;
using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>
/// Puts small appends that arrive at the same time into one transaction: what a commit costs is the disk, and one turn of it
/// serves all who wait. Each caller gets an answer of its own, and what is refused of one does not concern the others.
/// </summary>
/// <param name="log">Where to.</param>
public sealed class GroupCommit(EventLog log) : IAsyncDisposable
{
    // While one transaction is on its way to the disk the next one gathers. A third would only split what they gather.
    private const int Committers = 2;
    private const int MaxEvents = 1_000;
    private const int MaxWaiting = 10_000;

    private readonly Channel<Request> _requests = Channel.CreateBounded<Request>(MaxWaiting);
    private Task? _committing;

    /// <summary>Appends a few events of one centre, all of them or nothing, like <see cref="EventLog.AppendAsync(string, IReadOnlyList{EventToAppend}, IReadOnlyDictionary{string, long}?, CancellationToken)"/>
    /// and perhaps together with others.</summary>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">At most <see cref="EventLog.MaxEventsPerTransaction"/>; larger appends go alone.</param>
    /// <param name="ct">Stops waiting; what is under way is stored all the same.</param>
    /// <exception cref="ArgumentException">Too many events, or an empty centre, stream or type.</exception>
    /// <exception cref="AppendRefusedException">A stream is archived or an id stands for two different events.</exception>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    /// <exception cref="ChannelClosedException">It is closing.</exception>
    public async Task<AppendResult> AppendAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count is 0 or > MaxEvents)
            return await log.AppendAsync(centre, events, null, ct);
        _ = LazyInitializer.EnsureInitialized(ref _committing, Start);
        var request = new Request(centre, events);
        await _requests.Writer.WriteAsync(request, ct);
        return await request.Answer.Task.WaitAsync(ct);
    }

    /// <summary>Takes nothing more, and ends when what was taken is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        if (_committing is { } committing)
            await committing;
    }

    private Task Start() => Task.WhenAll(Enumerable.Range(0, Committers).Select(_ => Task.Run(CommitAsync)));

    private async Task CommitAsync()
    {
        var waiting = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync())
        {
            waiting.Clear();
            var count = 0;
            while (count < MaxEvents && _requests.Reader.TryRead(out var request))
            {
                waiting.Add(request);
                count += request.Events.Count;
            }

            foreach (var centre in waiting.GroupBy(r => r.Centre))
                await CommitAsync(centre.Key, [.. centre]);
        }
    }

    private async Task CommitAsync(string centre, List<Request> together)
    {
        try
        {
            var results = await log.AppendTogetherAsync(centre, together.ConvertAll(r => r.Events), CancellationToken.None);
            for (var i = 0; i < together.Count; i++)
                together[i].Answer.TrySetResult(results[i]);
        }
        catch (Exception refused) when (together.Count > 1 && refused is (AppendRefusedException or ArgumentException))
        {
            // It is one caller's fault; each alone finds out whose.
            foreach (var request in together)
                await CommitAsync(centre, [request]);
        }
        catch (Exception fault)
        {
            foreach (var request in together)
                request.Answer.TrySetException(fault);
        }
    }

    private sealed record Request(string Centre, IReadOnlyList<EventToAppend> Events)
    {
        public TaskCompletionSource<AppendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
