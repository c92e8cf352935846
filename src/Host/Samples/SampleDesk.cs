using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Samples;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Samples;

/// <summary>What is asked to be drawn.</summary>
/// <param name="Month">Such as <c>2026-10</c>.</param>
/// <param name="PerWindow">How many cases at each window.</param>
/// <param name="Seed">What to draw with; null: something nobody can know before.</param>
/// <param name="By">Who asks.</param>
internal sealed record SampleOrder(string Month, int PerWindow, string? Seed, string By);

/// <summary>
/// Draws monthly samples of finished cases (rule 51), once: whoever could draw again until it suits would not draw a sample. Drawn as of a position of the log that stands
/// beside it, so that it can be drawn again from the same cases whatever has become of them.
/// </summary>
internal sealed class SampleDesk(EventLog log, NpgsqlDataSource dataSource, IClock clock)
{
    private const string Source = "sla/samples";

    /// <summary>The month of that name; null when it is none.</summary>
    public static CalendarPeriod? MonthOf(string text, DateTimeZone zone) => text.Length == 7 && text[5] != 'Q' ? CalendarPeriod.Parse(text, zone) : null;

    /// <summary>Draws.</summary>
    /// <returns>What was drawn and where it stands; or why it was not.</returns>
    public async Task<(SampleDrawn? Drawn, long Position, string? Refused)> DrawAsync(string centre, CatalogueLog published, SampleOrder order, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (MonthOf(order.Month, published.Newest!.Zone) is not { } month || month.Until > now)
            return (null, 0, "the month has not ended; draw it once it has");
        var stream = StreamOf(order.Month);
        if ((await log.ReadStreamAsync(centre, stream, null, ct)).Count > 0)
            return (null, 0, Already);
        var (asOf, reason) = await SettledPositions.NowAsync(dataSource, ct);
        if (asOf is not { } past)
            return (null, 0, $"the read models {reason}");
        var seed = order.Seed ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
        var windows = await DrawAsync(centre, published, past, month, seed, order.PerWindow, ct);
        if (windows.Count == 0)
            return (null, 0, "no case is known to have been finished in the month; draw it once its cases are in");
        var drawn = new SampleDrawn(order.Month, order.PerWindow, seed, Sampling.Algorithm, past.Position, order.By, windows);
        try
        {
            var result = await log.AppendAsync(centre, [ToAppend(centre, stream, drawn, now)], new Dictionary<string, long> { [stream] = 0 }, ct);
            return (drawn, result.LastPosition ?? 0, null);
        }
        catch (VersionConflictException)
        {
            return (null, 0, Already);
        }
    }

    /// <summary>The sample of a month; null when none was drawn.</summary>
    public async Task<(SampleDrawn Sample, Instant At, long Position)?> FindAsync(string centre, string month, CancellationToken ct) =>
        (await log.ReadStreamAsync(centre, StreamOf(month), null, ct)).FirstOrDefault(e => e.Type == SampleDrawn.Type) is { } stored ? SampleDrawn.Read(stored) : null;

    /// <summary>The months of which one was drawn, the last first.</summary>
    public async Task<IReadOnlyList<string>> MonthsAsync(string centre, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT id FROM public.mt_streams WHERE tenant_id = $1 AND id > 'sample/' AND id < 'sample0' ORDER BY id DESC");
        select.Parameters.Add(new() { Value = centre });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var months = new List<string>();
        while (await reader.ReadAsync(ct))
            months.Add(reader.GetString(0)["sample/".Length..]);
        return months;
    }

    /// <summary>True when drawing again, from the cases that were finished as of its position, draws the same.</summary>
    public async Task<bool> IsSameAsync(string centre, CatalogueLog published, SampleDrawn sample, CancellationToken ct)
    {
        var (asOf, _) = await SettledPositions.OfAsync(dataSource, sample.FramePosition, ct);
        if (asOf is not { } past || sample.Algorithm != Sampling.Algorithm || MonthOf(sample.Month, published.Newest!.Zone) is not { } month)
            return false;
        var again = await DrawAsync(centre, published, past, month, sample.Seed, sample.PerWindow, ct);
        return again.Count == sample.Windows.Count && again.Zip(sample.Windows).All(w => w.First.Window == w.Second.Window && w.First.Frame == w.Second.Frame && w.First.Drawn.SequenceEqual(w.Second.Drawn));
    }

    private const string Already = "the month's sample has been drawn; it is drawn once";

    private static string StreamOf(string month) => $"{SampleDrawn.Kind}/{month}";

    private async Task<IReadOnlyList<WindowSample>> DrawAsync(string centre, CatalogueLog published, AsOf asOf, CalendarPeriod month, string seed, int perWindow, CancellationToken ct)
    {
        await using var models = await ReadModels.AsOfAsync(dataSource, centre, published.UpTo(asOf.Position), asOf, null, ct);
        await using var select = models.Command($"SELECT window_id, stream_id FROM {models.Ratings} WHERE tenant_id = $1 AND finished_on >= $2 AND finished_on < $3");
        foreach (var value in (object[])[centre, month.FirstDay.ToDateOnly(), month.EndDay.ToDateOnly()])
            select.Parameters.Add(new() { Value = value });
        var cases = new List<(string? Window, string Number)>();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            cases.Add((reader.Text(0), StreamKinds.Shown(reader.GetString(1))));
        return [.. cases.GroupBy(c => c.Window, c => c.Number).OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => new WindowSample(w.Key, w.Count(), Sampling.Draw(seed, w, perWindow)))];
    }

    private static EventToAppend ToAppend(string centre, string stream, SampleDrawn drawn, Instant now)
    {
        // One that lost the race has an id of its own, so that it is refused for the version and not taken for a repetition.
        var id = string.Create(CultureInfo.InvariantCulture, $"{stream}/{Guid.NewGuid():N}");
        var reported = new ReportedEvent(SampleDrawn.Type, stream, Source, id, Tick.ToInstant(Tick.Of(now)), 1, JsonSerializer.SerializeToElement(drawn.ToJson()));
        return new EventToAppend(EventId.From(centre, Source, id), stream, SampleDrawn.Kind, SampleDrawn.Type, null, EventJson.Write(reported));
    }
}
