using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// Goes on with a made-up hall: sends what its history holds further when the time for it has come. Where it stands is read from
/// the log, so it fills the gap after a pause, and whoever sends something a second time adds nothing.
/// </summary>
internal sealed class LiveDemo : IDisposable
{
    private const int BatchSize = 1_000;
    private const int BegunAtMost = 12;

    // From the end, where the last one stands.
    private const string LastSent = $"""
        SELECT data->>'source', data->>'id', data->>'occurredAt', timestamp FROM public.mt_events
        WHERE tenant_id = '{DemoPlan.Centre}' AND data->>'source' = ANY ($1) ORDER BY seq_id DESC LIMIT 1
        """;

    // From the end, where the newest stand. Such numbers are alike but for their digits, so any collation orders them by time.
    private const string LastBegun = $"""
        SELECT id FROM public.mt_streams WHERE tenant_id = '{DemoPlan.Centre}' AND id LIKE 'case/{SelfService.NumberPattern}' ORDER BY id DESC LIMIT $1
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly IClock _clock;
    private readonly Func<IReadOnlyList<EventToAppend>, Task> _append;
    private readonly IEnumerator<DemoEvent>[] _streams;
    private readonly List<DemoEvent> _sending = [];

    private LiveDemo(IEnumerable<DemoEvent>[] streams, IClock clock, Func<IReadOnlyList<EventToAppend>, Task> append)
    {
        (_clock, _append) = (clock, append);
        _streams = [.. streams.Select(s => s.GetEnumerator()).Where(s => s.MoveNext())];
    }

    /// <summary>Goes on from where the log ends; null when the centre holds no made-up history.</summary>
    /// <param name="database">Where the history is.</param>
    /// <param name="catalogue">The hall's.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="append">Appends some events, by the ordinary way.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<LiveDemo?> FindAsync(NpgsqlDataSource database, Catalogue catalogue, IClock clock, Func<IReadOnlyList<EventToAppend>, Task> append, CancellationToken ct)
    {
        if (await KeptPlan.FindAsync(database, ct) is not { } plan || await LastSentAsync(database, plan, ct) is not { } last)
            return null;
        var self = new SelfService(catalogue, last.Plan);
        var begun = await LastBegunAsync(database, self, ct);
        return new LiveDemo([After(new HallDemo(catalogue, last.Plan), last), self.Events(SelfService.SlotFrom(clock.GetCurrentInstant()), begun)], clock, append);
    }

    /// <summary>Sends until it is cancelled.</summary>
    /// <param name="report">Told of faults; what could not be sent is tried again.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(Action<Exception> report, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval);
        var last = "";
        try
        {
            do
            {
                try
                {
                    await SendDueAsync(ct);
                    last = "";
                }
                catch (Exception fault) when (!ct.IsCancellationRequested)
                {
                    // A server that is away is one fault, however often it is tried.
                    if (fault.Message != last)
                        report(fault);
                    last = fault.Message;
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    /// <summary>Sends all whose time has come.</summary>
    public async Task SendDueAsync(CancellationToken ct)
    {
        var now = _clock.GetCurrentInstant();
        do
        {
            // What could not be sent is still there.
            while (_sending.Count < BatchSize && TakeDue(now) is { } due)
                _sending.Add(due);
            if (_sending.Count > 0)
                await SendAsync();
            ct.ThrowIfCancellationRequested();
        }
        while (_sending.Count > 0 || _streams.Any(s => s.Current.RecordedAt <= now));
    }

    public void Dispose()
    {
        foreach (var stream in _streams)
            stream.Dispose();
    }

    /// <summary>What comes after an event of which the log holds nothing later. A history that has become another goes on after its moment.</summary>
    private static IEnumerable<DemoEvent> After(HallDemo hall, Sent last)
    {
        var from = last.OccurredAt.InZone(hall.Zone).Date.PlusDays(-HallDemo.LongestCaseInDays - 1);
        var passed = false;
        foreach (var told in hall.Events(from > last.Plan.From ? from : last.Plan.From))
        {
            // Nothing was sent before its time.
            passed |= told.RecordedAt > last.RecordedAt;
            if (passed)
                yield return told;
            passed |= told.SenderId == last.Id;
        }
    }

    private static async Task<Sent?> LastSentAsync(NpgsqlDataSource database, DemoPlan plan, CancellationToken ct)
    {
        var (windows, portal, ratings) = plan.Sources();
        await using var command = database.CreateCommand(LastSent);
        command.Parameters.Add(new() { Value = (string[])[windows, portal, ratings] });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && Timestamps.TryParse(reader.GetString(2), out var occurredAt)
            ? new Sent(plan, reader.GetString(1), occurredAt, Instant.FromDateTimeUtc(reader.GetDateTime(3)))
            : null;
    }

    private static async Task<List<long>> LastBegunAsync(NpgsqlDataSource database, SelfService self, CancellationToken ct)
    {
        await using var command = database.CreateCommand(LastBegun);
        command.Parameters.Add(new() { Value = BegunAtMost });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var begun = new List<long>();
        while (await reader.ReadAsync(ct))
        {
            if (self.SlotOf(reader.GetString(0)["case/".Length..]) is { } slot)
                begun.Add(slot);
        }

        return begun;
    }

    private DemoEvent? TakeDue(Instant now)
    {
        var next = _streams.Where(s => s.Current.RecordedAt <= now).MinBy(s => s.Current.RecordedAt);
        if (next is null)
            return null;
        var due = next.Current;
        next.MoveNext();
        return due;
    }

    private async Task SendAsync()
    {
        try
        {
            await _append(_sending.ConvertAll(e => e.Arriving()));
        }
        catch (AppendRefusedException)
        {
            // A newer program tells some of it in other words; what was told before stays, and the rest goes on.
            foreach (var one in _sending)
                await SendAloneAsync(one);
        }

        _sending.Clear();
    }

    private async Task SendAloneAsync(DemoEvent one)
    {
        try
        {
            await _append([one.Arriving()]);
        }
        catch (AppendRefusedException)
        {
            // Told before, in other words.
        }
    }

    /// <summary>The last that was sent of the hall itself.</summary>
    private sealed record Sent(DemoPlan Plan, string Id, Instant OccurredAt, Instant RecordedAt);
}
