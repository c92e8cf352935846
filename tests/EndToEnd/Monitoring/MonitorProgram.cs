using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SlaMonitor.Tests.EndToEnd.Monitoring;

/// <summary>One of Debian's monitoring programs on a port of its own, with its data in a folder of the test; it ends with the test, whatever became of that.</summary>
internal sealed class MonitorProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _name;

    private MonitorProgram(string name, Process process, string url)
    {
        (_name, _process, Url) = (name, process, url);
        Client = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public string Address => Url["http://".Length..];

    public HttpClient Client { get; }

    /// <summary>Prometheus with a configuration.</summary>
    public static async Task<MonitorProgram> PrometheusAsync(string configuration, params (string File, string Text)[] beside)
    {
        var (folder, url) = (TestFolders.New(), FreeUrl());
        foreach (var (file, text) in beside.Append(("prometheus.yml", configuration)))
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        return await PrometheusInAsync(folder, url);
    }

    /// <summary>Prometheus with the configuration of a folder, and with the history in its folder <c>data</c>, however old that is.</summary>
    public static Task<MonitorProgram> PrometheusInAsync(string folder, string? url = null, string lookback = "5m")
    {
        url ??= FreeUrl();
        return StartAsync("prometheus", url, "/-/ready", $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", "--storage.tsdb.retention.time=100y", $"--query.lookback-delta={lookback}",
            $"--web.listen-address={url[7..]}", $"--web.external-url={url}", "--web.enable-lifecycle", "--log.level=error");
    }

    /// <summary>Alertmanager with a configuration, alone.</summary>
    public static async Task<MonitorProgram> AlertmanagerAsync(string configuration)
    {
        var folder = TestFolders.New();
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), configuration);
        return await AlertmanagerInAsync(folder);
    }

    /// <summary>Alertmanager with the configuration of a folder, alone.</summary>
    public static async Task<MonitorProgram> AlertmanagerInAsync(string folder)
    {
        var url = FreeUrl();
        return await StartAsync("prometheus-alertmanager", url, "/-/ready", $"--config.file={folder}/alertmanager.yml", $"--storage.path={folder}/data", $"--web.listen-address={url[7..]}", "--cluster.listen-address=", "--log.level=error");
    }

    /// <summary>The exporter that probes what it is asked to.</summary>
    public static async Task<MonitorProgram> BlackboxAsync(string configuration)
    {
        var (folder, url) = (TestFolders.New(), FreeUrl());
        await File.WriteAllTextAsync(Path.Combine(folder, "blackbox.yml"), configuration);
        return await StartAsync("prometheus-blackbox-exporter", url, "/-/healthy", $"--config.file={folder}/blackbox.yml", $"--web.listen-address={url[7..]}", "--log.level=error");
    }

    /// <summary>The address of a port that is free.</summary>
    public static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>kill -9.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<MonitorProgram> StartAsync(string name, string url, string readyPath, params string[] arguments)
    {
        var program = new MonitorProgram(name, Start(name, arguments), url);
        try
        {
            await Condition.HoldsAsync(() => program.AnswersAsync(readyPath));
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    private static Process Start(string name, string[] arguments)
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            // Nobody reads what it says; it must not wait for that.
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return process;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{name} is needed and not there: install Debian's package of that name; ./test does");
        }
    }

    private async Task<bool> AnswersAsync(string path)
    {
        Assert.False(_process.HasExited, $"{_name} has ended");
        try
        {
            using var answer = await Client.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
