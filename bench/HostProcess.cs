using System.Diagnostics;
using System.Globalization;

namespace SlaMonitor.Bench;

/// <summary>The program as its own process, whose memory is its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _program;

    private HostProcess(Process program) => _program = program;

    /// <summary>Starts a verb on a database.</summary>
    public static HostProcess Start(string database, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "sla.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment[SlaMonitor.Host.Database.Variable] = database;
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>The first line of output that holds a text.</summary>
    public async Task<string> LineWithAsync(string text, CancellationToken ct)
    {
        while (await _program.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"the program ended without saying: {text}");
    }

    /// <summary>The most memory that was ever resident, in MB; the kernel's own high-water mark.</summary>
    public async Task<double> PeakAsync(CancellationToken ct)
    {
        var peak = (await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{_program.Id}/status"), ct)).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return peak is null ? double.NaN : double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        _program.Kill();
        await _program.WaitForExitAsync();
        _program.Dispose();
    }
}
