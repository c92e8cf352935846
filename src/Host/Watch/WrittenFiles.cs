using System.Globalization;
using SlaMonitor.Host.Cli;

namespace SlaMonitor.Host.Watch;

/// <summary>Files that a command makes and that are kept: written, or compared with what they would be.</summary>
/// <param name="command">What makes them.</param>
/// <param name="files">Their paths and texts.</param>
internal sealed class WrittenFiles(string command, IEnumerable<(string Path, string Text)> files)
{
    private readonly IReadOnlyList<(string Path, string Text)> _files = [.. files];

    /// <summary>Writes all of them and names each.</summary>
    public int Write()
    {
        foreach (var (path, text) in _files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            Console.WriteLine(path);
        }

        return ExitCode.Done;
    }

    /// <summary>Names those that are not as they would be written, and refuses when there is one.</summary>
    public int Check()
    {
        var other = _files.Where(f => !File.Exists(f.Path) || File.ReadAllText(f.Path) != f.Text).ToList();
        foreach (var (path, _) in other)
            Console.Error.WriteLine($"{command}: {path} {(File.Exists(path) ? "is not as it would be written" : "is not there")}; write it with {command}");
        if (other.Count == 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_files.Count} files are as they would be written"));
        return other.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
