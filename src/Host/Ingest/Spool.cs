using System.Buffers;
using System.IO.Compression;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Takes a body off the wire before anything of it is looked at, so that a slow sender holds neither memory nor a connection of
/// the database, and what was checked can be read again. Small ones stay in memory; larger ones go to a file that has no name once it is open, so
/// that nothing is left behind, whatever ends the program, and that nobody can read on the disk.
/// </summary>
internal static class Spool
{
    private const int InMemory = 256 * 1024;
    private const int BufferSize = 64 * 1024;

    // Lines of events pack to a twentieth or so; what unpacks to a hundredfold, beyond what harms nobody, is made to harm.
    private const int MaxRatio = 100;
    private const long Harmless = 32L * 1024 * 1024;

    /// <summary>Reads it to its end, unpacked. The stream stands at its beginning and can be read again.</summary>
    /// <exception cref="BadHttpRequestException">It is longer than the limit (413), or not gzip (400).</exception>
    public static async Task<Stream> FillAsync(Stream body, bool gzip, long limit, string tooLarge, CancellationToken ct)
    {
        var spool = await CopyAsync(body, limit, tooLarge, ct);
        if (!gzip)
            return spool;
        await using (spool)
        {
            try
            {
                await using var unpacked = new GZipStream(spool, CompressionMode.Decompress, leaveOpen: true);
                var harmless = Math.Max(Harmless, spool.Length * MaxRatio);
                return await CopyAsync(unpacked, Math.Min(limit, harmless), limit <= harmless ? tooLarge : $"The body unpacks to more than {MaxRatio} times its size; send it unpacked. Nothing was stored.", ct);
            }
            catch (InvalidDataException)
            {
                throw new BadHttpRequestException("The body is not gzip, as Content-Encoding says, or it is cut off; pack it anew, or send it unpacked without Content-Encoding. Nothing was stored.", StatusCodes.Status400BadRequest);
            }
        }
    }

    /// <summary>A file for reading and writing that goes when it is closed, or with the program.</summary>
    public static FileStream File()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"sla-{Path.GetRandomFileName()}"), options);
        System.IO.File.Delete(file.Name);
        return file;
    }

    private static async Task<Stream> CopyAsync(Stream body, long limit, string tooLarge, CancellationToken ct)
    {
        Stream spool = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;)
            {
                if (spool.Length + read > limit)
                    throw new BadHttpRequestException(tooLarge, StatusCodes.Status413PayloadTooLarge);
                if (spool is MemoryStream memory && spool.Length + read > InMemory)
                {
                    spool = new CoveredFile();
                    memory.WriteTo(spool);
                }

                await spool.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
