using System.IO.Compression;
using System.Text.Json;

namespace SlaMonitor.Tests;

/// <summary>
/// The folder of test cases and real logs that stands beside the project where it is developed. In a user's clone it is
/// absent: tests that read it then say so and check nothing, as the facts they need are not the project's to ship.
/// </summary>
internal static class SharedFolder
{
    public static string? Root { get; } = Find();

    /// <summary>True when the folder is there; where it must be (CI), its absence fails.</summary>
    public static bool IsThere(Action<string> say)
    {
        if (Root is not null)
            return true;
        Assert.True(Environment.GetEnvironmentVariable("CI") is null, "the shared folder must stand beside the project in CI");
        say("not checked: the shared folder with vectors and logs is not beside this clone");
        return false;
    }

    public static string PathOf(params string[] parts) => Path.Combine([Root!, .. parts]);

    public static JsonElement Json(params string[] parts) => JsonDocument.Parse(File.ReadAllBytes(PathOf(parts))).RootElement;

    public static StreamReader OpenGzip(params string[] parts) => new(new GZipStream(File.OpenRead(PathOf(parts)), CompressionMode.Decompress));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "SlaMonitor.sln")))
                continue;
            var beside = Path.Combine(folder.Parent?.FullName ?? "", "shared");
            return Directory.Exists(Path.Combine(beside, "vectors")) ? beside : null;
        }

        return null;
    }
}
