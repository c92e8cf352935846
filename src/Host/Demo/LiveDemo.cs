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
    private const string LastOfSources = """
        SELECT data->>'id', data->>'occurredAt', timestamp FROM public.mt_events
        WHERE tenant_id = $1 AND data->>'source' = ANY ($2) ORDER BY seq_id DESC LIMIT 1
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

    /// <summary>Goes on with streams, each in the order in which it arrives.</summary>
    internal LiveDemo(IEnumerable<DemoEvent>[] streams, IClock clock, Func<IReadOnlyList<EventToAppend>, Task> append)
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
        if (await KeptPlan.FindAsync(database, ct) is not { } plan)
            return null;
        if (await LastSentAsync(database, DemoPlan.Centre, plan.Sources().All, ct) is not { } last)
            return null;
        var (hall, self) = (new HallDemo(catalogue, plan), new SelfService(catalogue, plan));
        var begun = await LastBegunAsync(database, self, ct);
        var from = last.DaysBefore(HallDemo.LongestCaseInDays, hall.Zone);
        return new LiveDemo([last.Skip(hall.Events(from > plan.From ? from : plan.From)), self.Events(SelfService.SlotFrom(clock.GetCurrentInstant()), begun)], clock, append);
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

    /// <summary>The last that was sent of some sources of a centre; null: nothing was.</summary>
    internal static async Task<Sent?> LastSentAsync(NpgsqlDataSource database, string centre, string[] sources, CancellationToken ct)
    {
        await using var command = database.CreateCommand(LastOfSources);
        command.Parameters.Add(new() { Value = centre });
        command.Parameters.Add(new() { Value = sources });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && Timestamps.TryParse(reader.GetString(1), out var occurredAt)
            ? new Sent(reader.GetString(0), occurredAt, Instant.FromDateTimeUtc(reader.GetDateTime(2)))
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

    /// <summary>The last that was sent of a history; the log holds nothing later of it.</summary>
    internal sealed record Sent(string Id, Instant OccurredAt, Instant RecordedAt)
    {
        /// <summary>A day from which on a history is made to find it, when nothing arrives later than so many days after it begins.</summary>
        public LocalDate DaysBefore(int longest, DateTimeZone zone) => OccurredAt.InZone(zone).Date.PlusDays(-longest - 1);

        /// <summary>What comes after it. A history that has become another goes on after its moment.</summary>
        public IEnumerable<DemoEvent> Skip(IEnumerable<DemoEvent> history)
        {
            var passed = false;
            foreach (var told in history)
            {
                // Nothing was sent before its time.
                passed |= told.RecordedAt > RecordedAt;
                if (passed)
                    yield return told;
                passed |= told.SenderId == Id;
            }
        }
    }
}
