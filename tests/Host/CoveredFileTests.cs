using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Host;

/// <summary>What a long request leaves on the disk while it lasts.</summary>
public class CoveredFileTests
{
    [Fact]
    public async Task It_reads_as_it_was_written_from_any_place_and_the_disk_holds_something_else()
    {
        var written = new byte[200_000];
        new Random(1).NextBytes(written);
        "PLANTED-PLANTED-PLANTED"u8.CopyTo(written.AsSpan(70_001));
        await using var file = new CoveredFile();
        for (var (at, length) = (0, 1); at < written.Length; at += length, length = Math.Min(length * 3, written.Length - at))
        {
            if (length % 2 == 0)
                await file.WriteAsync(written.AsMemory(at, length));
            else
                file.Write(written.AsSpan(at, length));
        }

        Assert.Equal(written.Length, file.Length);
        foreach (var from in (int[])[0, 1, 15, 16, 17, 70_000, 199_999])
        {
            file.Position = from;
            var read = new byte[written.Length - from];
            if (from % 2 == 0)
                await file.ReadExactlyAsync(read);
            else
                file.ReadExactly(read);
            Assert.True(written.AsSpan(from).SequenceEqual(read));
        }

        await file.FlushAsync();
        // Without a name, but open: so it can still be looked at.
        var open = Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f)).Where(f => f.LinkTarget?.Contains("/sla-", StringComparison.Ordinal) == true && f.LinkTarget.EndsWith("(deleted)", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(open);
        Assert.All(open, f => Assert.True(BytesOf(f).AsSpan().IndexOf("PLANTED-PLANTED"u8) < 0));
    }

    // Another test may close its own meanwhile.
    private static byte[] BytesOf(FileInfo file)
    {
        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
