using System.Runtime.CompilerServices;

namespace SlaMonitor.Tests;

/// <summary>
/// Compares what the program writes with a file that somebody has read and approved. A difference fails and leaves the new
/// text beside it as <c>.received</c>; whoever means the change renames it.
/// </summary>
internal static class Approved
{
    public static void Check(string name, string written, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name);
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
