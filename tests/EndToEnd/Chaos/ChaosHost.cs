using System.Diagnostics;
using System.Globalization;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>One <c>sla run</c> under a supervisor that starts it again whenever it has ended.</summary>
internal sealed class ChaosHost : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    // The shell gives its process to the program, so that the number in the file is the program's own.
    private const string Logged = """echo $$ >"$0.pid"; exec "$@" >>"$0" 2>&1 </dev/null""";
    private const string Serving = "SlaMonitor is at";

    // A supervisor's pause between two starts, so that a host whose database is away does not spin.
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(300);

    // Longer than a host lets a reader wait for the read models.
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(40) };

    private readonly ProcessStartInfo _start;
    private readonly string _log;
    private readonly Action<string> _violation;
    private readonly Task _supervising;
    private Process? _process;
    private bool _killed;
    private bool _ending;

    public ChaosHost(string name, int port, ChaosGround ground, Action<string> violation)
    {
        (Name, _violation) = (name, violation);
        Url = new Uri($"http://127.0.0.1:{port}");
        _log = Path.Combine(ground.Folder, $"{name}.log");
        _start = InLog(SlaProgram.StartInfo("run", "--url", Url.OriginalString, "--catalogues", ground.Catalogues), _log, ground.ConnectionString(name));
        _supervising = SuperviseAsync();
    }

    /// <summary>Also its application name in <c>pg_stat_activity</c>.</summary>
    public string Name { get; }

    public Uri Url { get; }

    public bool IsStopped { get; private set; }

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>The same program with its output in a file, which a killed one leaves whole.</summary>
    public static ProcessStartInfo InLog(ProcessStartInfo program, string log, string database)
    {
        var start = new ProcessStartInfo("sh", ["-c", Logged, log, program.FileName, .. program.ArgumentList]) { WorkingDirectory = program.WorkingDirectory };
        start.Environment[SlaMonitor.Host.Database.Variable] = database;
        return start;
    }

    /// <summary>kill -9; also of one that is stopped.</summary>
    public void Kill()
    {
        if (_process is not { HasExited: false } running)
            return;
        _killed = true;
        running.Kill();
    }

    /// <summary>SIGSTOP, and SIGCONT once a time is over or the test ends.</summary>
    public async Task StopForAsync(TimeSpan time, CancellationToken ct)
    {
        if (_process is not { HasExited: false } running)
            return;
        IsStopped = true;
        Posix.Signal(running.Id, Stop);
        await Task.Delay(time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Killed meanwhile, its number may be another's.
        if (_process == running && !running.HasExited)
            Posix.Signal(running.Id, Continue);
        IsStopped = false;
    }

    /// <summary>Whether it serves, its database answers and its read models have caught up once.</summary>
    public Task<bool> IsReadyAsync() => AnswersAsync("/readyz");

    /// <summary>Whether it answers from read models that have reached a position; it waits a while for that.</summary>
    public Task<bool> HasReachedAsync(long position) =>
        AnswersAsync(string.Create(CultureInfo.InvariantCulture, $"/cases?centre={ChaosCases.Centre}&commitment=chaos.short&limit=1&wait={position}"));

    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(30)) : "(no log)";

    /// <summary>Ends it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending = true;
        if (_process is { HasExited: false } running)
            Posix.Signal(running.Id, Terminate);
        await _supervising;
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(Url, path));
            return response.IsSuccessStatusCode;
        }
        catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SuperviseAsync()
    {
        while (!_ending)
        {
            var before = File.Exists(_log) ? new FileInfo(_log).Length : 0;
            _killed = false;
            Starts++;
            using var process = Process.Start(_start)!;
            _process = process;
            await process.WaitForExitAsync();
            _process = null;
            // It may refuse to start while its database is away; once it serves, nothing but a signal may end it.
            if (!_killed && !_ending && ReadFrom(before).Contains(Serving, StringComparison.Ordinal))
                _violation($"{Name} ended by itself with code {process.ExitCode}");
            else if (_ending && !_killed && process.ExitCode != 0)
                _violation($"{Name} was told to end and did so with code {process.ExitCode}");
            await Task.Delay(RestartPause);
        }
    }

    private string ReadFrom(long position)
    {
        using var stream = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(position, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
