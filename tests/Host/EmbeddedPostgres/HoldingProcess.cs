using System.Diagnostics;
using System.Globalization;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

/// <summary>Another process that uses the server of a data folder until it is told to leave or killed.</summary>
internal sealed class HoldingProcess : IDisposable
{
    private readonly Process _process;

    private HoldingProcess(Process process) => _process = process;

    /// <summary>Starts it without waiting for the server. Null in the environment removes a variable.</summary>
    public static HoldingProcess Begin(
        string folder, int major = 18, string packages = "", uint? user = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        string[] words = ["dotnet", "exec", typeof(HoldingProcess).Assembly.Location, "hold-server", folder, $"{major}", packages];
        if (user is not null)
            words = ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--", .. words];
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new HoldingProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has the server and gives the server's process.</summary>
    public async Task<int> HoldsAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
            return int.Parse(line, CultureInfo.InvariantCulture);
        throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync());
    }

    public async Task LeaveAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
    }

    /// <summary>kill -9, of this process only.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
