using System.CommandLine;
using System.Globalization;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla health</c>: asks a running server whether it answers, for supervisors and images that have no other program to ask with.</summary>
internal static class HealthCommand
{
    // Shorter than a supervisor's own patience, so that it hears the reason instead of killing the question.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Address the server listens on, such as sla run was given", DefaultValueFactory = _ => Server.DefaultUrl };
        var command = new Command("health", $"Ask a running server whether it answers, within {Patience.TotalSeconds:N0} seconds. Needs neither token nor database; exit code 1 when it does not.") { url };
        command.SetAction(async (parsed, ct) =>
        {
            var address = ListenAddress.Parse(parsed.GetValue(url)!).Url;
            if (await HindranceAsync(address, ct) is { } reason)
            {
                Console.Error.WriteLine($"sla health: {address} {reason}");
                return ExitCode.Failed;
            }

            Console.WriteLine($"{address} answers");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<string?> HindranceAsync(string address, CancellationToken ct)
    {
        // Straight to it: a proxy of the environment leads elsewhere, and a server that sends us on is not ours.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"{address}/healthz"), ct);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"answers /healthz with {(int)answer.StatusCode}; look whether another program listens there, or give the server's address with --url");
        }
        catch (HttpRequestException hindrance)
        {
            return $"cannot be asked ({hindrance.Message}); start it with sla run, or give its address with --url";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"takes the question and has not answered within {Patience.TotalSeconds} seconds; look at the server's log, and start it again if it stays so");
        }
    }
}
