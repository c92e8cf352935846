using System.Diagnostics;

namespace SlaMonitor.Tests;

/// <summary>
/// Folders of this test process under one root. A watchdog, a process of its own that notices the end of this one however it
/// comes about (the test runner may kill it), stops the servers left in them and removes everything.
/// </summary>
public static class TestFolders
{
    // Reading ends when the other end of the pipe is gone, that is with this process, even after kill -9.
    private const string Watch = """
        exec >/dev/null 2>&1
        read -r _
        find "$1" -name postmaster.pid | while read -r file; do kill -QUIT "$(head -n 1 "$file")"; sed -n 5p "$file"; done > "$1.sockets"
        for attempt in $(seq 100); do
            rm -rf "$1" && break
            sleep 0.1
        done
        while read -r sockets; do case "$sockets" in /tmp/sla-*) rm -rf "$sockets";; esac; done < "$1.sockets"
        rm -f "$1.sockets"
        """;

    private static readonly Lazy<(string Path, Process Watchdog)> Root = new(Create);

    /// <summary>A fresh folder which the user that runs the server can enter.</summary>
    public static string New()
    {
        var folder = Path.Combine(Root.Value.Path, Guid.NewGuid().ToString("n")[..8]);
        Open(Directory.CreateDirectory(folder));
        return folder;
    }

    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Removes everything now; what is still running is stopped hard.</summary>
    public static async Task DeleteAllAsync()
    {
        if (!Root.IsValueCreated)
            return;
        Root.Value.Watchdog.StandardInput.Close();
        await Root.Value.Watchdog.WaitForExitAsync();
    }

    private static (string Path, Process Watchdog) Create()
    {
        var root = Directory.CreateDirectory($"/tmp/sla-tests-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}");
        Open(root);
        var watchdog = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Watch, "sh", root.FullName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        return (root.FullName, watchdog!);
    }

    private static void Open(DirectoryInfo folder) => folder.UnixFileMode = (UnixFileMode)0b111_101_101;
}
