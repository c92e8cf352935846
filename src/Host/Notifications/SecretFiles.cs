using System.Text;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Notifications;

/// <summary>Reads secrets out of files, so that the file that names them can be shown to anybody.</summary>
/// <param name="folder">From which their paths count.</param>
internal sealed class SecretFiles(string folder)
{
    private const int Longest = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The one line of the file that a field names; null: it names none, or it was refused.</summary>
    public string? Read(JsonFields fields, string name)
    {
        if (fields.OptionalText(name) is not { Length: > 0 } named)
            return null;
        try
        {
            var file = new FileInfo(Path.Combine(folder, named));
            // A pipe or a device has no length, and opening or reading it might never end.
            var text = file.Length is 0 or > Longest || Bytes(file) is not { Length: <= Longest } bytes ? null : Strict.GetString(bytes).TrimStart('\uFEFF').Trim();
            if (text is { Length: > 0 } && !text.Any(char.IsControl))
                return text;
            fields.Refuse(name, "names a file that does not hold one line of text, or is no file but a pipe or device; write the secret into it and nothing else");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or DecoderFallbackException or NotSupportedException)
        {
            fields.Refuse(name, "names a file that is not there or cannot be read; paths count from the folder of the file that names them");
        }

        return null;
    }

    /// <summary>What it holds, and one byte more than it may: it can grow meanwhile.</summary>
    private static byte[] Bytes(FileInfo file)
    {
        using var stream = file.OpenRead();
        var buffer = new byte[Longest + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
