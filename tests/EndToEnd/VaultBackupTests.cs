using System.Diagnostics;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Vault;
using SlaMonitor.Tests.Host;
using EventLog = SlaMonitor.EventStore.EventLog;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>What was erased does not come back out of an old backup.</summary>
public class VaultBackupTests
{
    private const int Major = 15;
    private const string Centre = PlantedPerson.Centre;
    private static readonly VaultActor Somebody = new("records", null);

    [Fact]
    public async Task An_old_log_beside_todays_keys_and_an_old_database_without_its_key_open_nothing_that_was_erased()
    {
        var keys = new KeyFile(Path.Combine(TestFolders.New(), "keys"));
        await File.WriteAllTextAsync(keys.Path!, KeyRing.NewLine());
        await using var today = await PostgresServers.CreateDatabaseAsync(Major);
        await Schema.ApplyAsync(today.DataSource);
        await AppendAsync(today, keys, "complaint/erased", "complaint/kept");
        var (log, whole) = (await DumpAsync(today, "--exclude-schema=vault"), await DumpAsync(today));
        Assert.True((await Desk(today, keys).EraseAsync(Centre, "complaint/erased", Somebody, "asked for", default))!.Value.First);

        await using (var restored = await RestoreAsync(log, await DumpAsync(today, "--schema=vault")))
        {
            Assert.NotNull((await Desk(restored, keys).ReadAsync(Centre, "complaint/erased", Somebody, "test", default)).Erasure);
            Assert.Equal(PlantedPerson.Name, await NameAsync(restored, keys, "complaint/kept"));
        }

        // Of a log restored without any keys the remedy is said.
        await using (var bare = await RestoreAsync(log))
            Assert.Contains("restore the schema vault", (await Assert.ThrowsAsync<VaultClosedException>(() => Desk(bare, keys).ReadAsync(Centre, "complaint/kept", Somebody, "test", default))).Message, StringComparison.Ordinal);

        // The whole of the old database has the wrapped key, which the old key file opens, and today's does not once the key is changed.
        await using var old = await RestoreAsync(whole);
        Assert.Equal(PlantedPerson.Name, await NameAsync(old, keys, "complaint/erased"));
        await File.WriteAllTextAsync(keys.Path!, $"{KeyRing.NewLine()}\n{await File.ReadAllTextAsync(keys.Path!)}");
        Assert.Equal(1, (await new KeyRotation(today.DataSource, new KeyTable(today.DataSource, keys)).RunAsync(default)).Rewrapped);
        await File.WriteAllTextAsync(keys.Path!, (await File.ReadAllLinesAsync(keys.Path!))[0]);
        Assert.Equal(PlantedPerson.Name, await NameAsync(today, keys, "complaint/kept"));
        await Assert.ThrowsAsync<VaultClosedException>(() => Desk(old, keys).ReadAsync(Centre, "complaint/erased", Somebody, "test", default));
    }

    [Fact]
    public async Task Keys_that_a_backup_brings_back_after_their_erasure_open_nothing_and_a_rotation_destroys_them()
    {
        var keys = new KeyFile(Path.Combine(TestFolders.New(), KeyFile.DefaultName), mayMake: true);
        await using var today = await PostgresServers.CreateDatabaseAsync(Major);
        await Schema.ApplyAsync(today.DataSource);
        await AppendAsync(today, keys, "complaint/erased");
        var old = await DumpAsync(today, "--schema=vault");
        await Desk(today, keys).EraseAsync(Centre, "complaint/erased", Somebody, "asked for", default);
        await using var restored = await RestoreAsync(await DumpAsync(today, "--exclude-schema=vault"), old);
        Assert.NotNull((await Desk(restored, keys).ReadAsync(Centre, "complaint/erased", Somebody, "test", default)).Erasure);
        var table = new KeyTable(restored.DataSource, keys);
        Assert.Equal((0, 1), (await table.ErasedAsync(default), (await table.UsedAsync(default)).Values.Single()));
        Assert.Equal(1, (await new KeyRotation(restored.DataSource, table).RunAsync(default)).Erased);
        Assert.Equal((1, 0), (await table.ErasedAsync(default), (await table.UsedAsync(default)).Count));
    }

    private static async Task AppendAsync(TestDatabase database, KeyFile keys, params string[] streams)
    {
        using var data = System.Text.Json.JsonDocument.Parse(PlantedPerson.Fields().ToJsonString());
        var events = streams.Select(s => EventCheck.ToAppend(Centre, new SlaMonitor.Domain.ReportedEvent("complaint_closed", s, "test", s, Instant.FromUtc(2026, 3, 17, 2, 0), null, data.RootElement.Clone()))).ToList();
        await new EventLog(database.DataSource).AppendAsync(Centre, await new EventSealing(database.DataSource, new KeyTable(database.DataSource, keys)).SealAsync(Centre, events, default));
    }

    private static PersonDesk Desk(TestDatabase database, KeyFile keys) => new(database.DataSource, new EventLog(database.DataSource), new KeyTable(database.DataSource, keys), SystemClock.Instance);

    private static async Task<string?> NameAsync(TestDatabase database, KeyFile keys, string stream) =>
        (string?)(await Desk(database, keys).ReadAsync(Centre, stream, Somebody, "test", default)).Events!.Single().Fields["person"]!["name"];

    private static async Task<string> DumpAsync(TestDatabase database, params string[] what)
    {
        var file = Path.Combine(TestFolders.New(), "dump");
        await RunAsync("pg_dump", ["--dbname", VaultLeakTests.LibPq(database.ConnectionString), "--format=custom", "--file", file, .. what]);
        return file;
    }

    private static async Task<TestDatabase> RestoreAsync(params string[] files)
    {
        var database = await PostgresServers.CreateDatabaseAsync(Major);
        foreach (var file in files)
            await RunAsync("pg_restore", ["--dbname", VaultLeakTests.LibPq(database.ConnectionString), file]);
        return database;
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var running = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = await running.StandardError.ReadToEndAsync();
        await running.WaitForExitAsync();
        Assert.True(running.ExitCode == 0, errors);
    }
}
