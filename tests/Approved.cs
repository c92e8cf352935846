using System.Runtime.CompilerServices;

namespace SlaMonitor.Tests;

/// <summary>
/// Compares what the program writes with a file that somebody has read and approved. A difference fails and leaves the new
/// text beside it as <c>.received</c>; whoever means the change renames it.
/// </summary>
internal static class Approved
{
    public static void Check(string name, string written, [CallerFilePath] string caller = "") => CheckFile(Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name), written);

    /// <summary>The same for a file that has its place elsewhere, such as an example that the program ships.</summary>
    public static void CheckFile(string file, string written)
    {
        var name = Path.GetFileName(file);
        var received = file + ".received";
        var approved = File.Exists(file) ? File.ReadAllText(file) : null;
        if (approved == written)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(received, written);
        Assert.Fail($"{name} differs from the approved file; read {Path.GetFileName(received)} beside it and, if the change is meant, rename it.\nApproved:\n{approved}\nWritten:\n{written}");
    }
}
