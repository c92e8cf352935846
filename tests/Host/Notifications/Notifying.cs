using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>A host's notifications, with a pool of connections of its own.</summary>
internal sealed class Notifying : IAsyncDisposable
{
    /// <summary>Waits of tests.</summary>
    public const string Quick = "timeout: PT10S\nretry: { first: PT0.2S, longest: PT0.5S, giveUp: PT1H }\n";

    private readonly Npgsql.NpgsqlDataSource _dataSource;
    private readonly NotificationService _service;

    private Notifying(Hall hall, NotificationPlan plan)
    {
        _dataSource = StoreConnection.CreateDataSource(hall.ConnectionString, "notifying");
        _service = new NotificationService(plan, _dataSource, new Centres(_dataSource), SystemClock.Instance, NullLogger<NotificationService>.Instance);
    }

    /// <summary>Starts it and waits until each target has its checkpoint: what comes from then on is told.</summary>
    public static async Task<Notifying> StartAsync(Hall hall, NotificationPlan plan)
    {
        var notifying = new Notifying(hall, plan);
        await notifying._service.StartAsync(default);
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM mt_event_progression WHERE name LIKE 'sla:notifications:%'") >= plan.Targets.Count);
        return notifying;
    }

    /// <summary>The plan of a file of this text, with files beside it.</summary>
    public static NotificationPlan Plan(string yaml, params (string Name, string Text)[] beside) => NotificationFile.Read(Write(yaml, beside));

    /// <summary>The file.</summary>
    public static string Write(string yaml, params (string Name, string Text)[] beside)
    {
        var folder = TestFolders.New();
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in beside)
            File.WriteAllText(Path.Combine(folder, name), text);
        var file = Path.Combine(folder, "notifications.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(default);
        _service.Dispose();
        await _dataSource.DisposeAsync();
    }
}
