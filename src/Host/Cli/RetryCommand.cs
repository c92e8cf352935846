using System.CommandLine;
using System.Globalization;
using Npgsql;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla retry</c>: has the streams that stand in quarantine folded again, after what they failed on was mended.</summary>
internal static class RetryCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var stream = new Option<string?>("--stream") { Description = "Only this stream, such as case/2026-000123; default: all that stand in quarantine" };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("retry", "Fold the streams in quarantine again, after what they failed on was mended; exit code 1 when some still cannot be folded.") { stream, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var asked = await AskAsync(database.Source, parsed.GetValue(centre), parsed.GetValue(stream), ct);
            if (asked == 0)
            {
                Console.WriteLine("nothing stands in quarantine" + (parsed.GetValue(stream) is { } one ? $" under {one}" : ""));
                return ExitCode.Done;
            }

            // A running host does it; without one it is done here.
            using var follower = new Follower(database.Source, fault => Console.Error.WriteLine($"sla: {fault.Message}"));
            while (await CountAsync(database.Source, "SELECT (SELECT count(*) FROM sla.quarantine WHERE retry) + (SELECT count(*) FROM sla.catalogue_sweep)", ct) > 0)
            {
                await follower.CatchUpAsync(ct);
                await Task.Delay(PollInterval, ct);
            }

            return await PrintAsync(database.Source, asked, ct);
        });
        return command;
    }

    private static async Task<int> AskAsync(NpgsqlDataSource source, string? centre, string? stream, CancellationToken ct)
    {
        await using var ask = source.CreateCommand("UPDATE sla.quarantine SET retry = true WHERE ($1::varchar IS NULL OR tenant_id = $1) AND ($2::varchar IS NULL OR stream_id = $2)");
        ask.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = centre });
        ask.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = stream });
        return await ask.ExecuteNonQueryAsync(ct);
    }

    private static async Task<int> PrintAsync(NpgsqlDataSource source, int asked, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT tenant_id, stream_id, reason FROM sla.quarantine ORDER BY 1, 2");
        await using var reader = await select.ExecuteReaderAsync(ct);
        var left = 0;
        for (; await reader.ReadAsync(ct); left++)
            Console.Error.WriteLine($"{reader.GetString(0)} {reader.GetString(1)}: {reader.GetString(2)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{asked} tried again; {left} in quarantine now"));
        return left == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
