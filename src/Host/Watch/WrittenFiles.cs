using System.Globalization;
using SlaMonitor.Host.Cli;

namespace SlaMonitor.Host.Watch;

/// <summary>Files that a command makes and that are kept: written, or compared with what they would be.</summary>
/// <param name="command">What makes them.</param>
/// <param name="files">Their paths and texts.</param>
/// <param name="leftovers">What it made earlier and would not make any more.</param>
internal sealed class WrittenFiles(string command, IEnumerable<(string Path, string Text)> files, params IEnumerable<string> leftovers)
{
    private readonly IReadOnlyList<(string Path, string Text)> _files = [.. files];
    private readonly IReadOnlyList<string> _leftovers = [.. leftovers];

    /// <summary>Writes all of them and names each; what is left over is removed.</summary>
    public int Write()
    {
        foreach (var (path, text) in _files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            Console.WriteLine(path);
        }

        foreach (var path in _leftovers)
        {
            File.Delete(path);
            Console.WriteLine($"{path} (removed: it was made for a centre that is not given any more)");
        }

        return ExitCode.Done;
    }

    /// <summary>Names those that are not as they would be written and those left over, and refuses when there is one.</summary>
    public int Check()
    {
        var other = _files.Where(f => !File.Exists(f.Path) || File.ReadAllText(f.Path) != f.Text).ToList();
        foreach (var (path, _) in other)
            Console.Error.WriteLine($"{command}: {path} {(File.Exists(path) ? "is not as it would be written" : "is not there")}; write it with {command}");
        foreach (var path in _leftovers)
            Console.Error.WriteLine($"{command}: {path} is left over from a centre that is not given any more; {command} removes it");
        var good = other.Count + _leftovers.Count == 0;
        if (good)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_files.Count} files are as they would be written"));
        return good ? ExitCode.Done : ExitCode.Failed;
    }
}
