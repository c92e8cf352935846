using System.Diagnostics;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>Starts programs with an environment of our making: locale, PG* and library settings of the caller must not reach the server.</summary>
internal static class ChildProcess
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public sealed record Outcome(int ExitCode, string Output);

    public static bool Exists(string program) => Find(program) is not null;

    /// <summary>Runs a program to its end; cancelling kills it.</summary>
    public static async Task<Outcome> RunAsync(IEnumerable<string> command, CancellationToken ct)
    {
        using var process = Start(command, redirect: true);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
            return new Outcome(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts a program that outlives us if need be: in a session of its own, so that Ctrl-C does not reach it.</summary>
    public static Process StartDetached(IEnumerable<string> command) => Start(["setsid", .. command], redirect: false);

    private static Process Start(IEnumerable<string> command, bool redirect)
    {
        var words = command.ToList();
        var program = Find(words[0]) ?? throw new EmbeddedPostgresException($"The program {words[0]} is not installed (looked in {SearchPath}).");
        var start = new ProcessStartInfo(program, words.Skip(1))
        {
            // The caller's folder may be closed to the server's user.
            WorkingDirectory = "/",
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        return Process.Start(start)!;
    }

    private static string? Find(string program) =>
        Path.IsPathRooted(program)
            ? program
            : SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
