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
            var text = file.Length > Longest ? null : Strict.GetString(File.ReadAllBytes(file.FullName)).TrimStart('\uFEFF').Trim();
            if (text is { Length: > 0 } && !text.Any(char.IsControl))
                return text;
            fields.Refuse(name, "names a file that does not hold one line of text; write the secret into it and nothing else");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or DecoderFallbackException or NotSupportedException)
        {
            fields.Refuse(name, "names a file that is not there or cannot be read; paths count from the folder of the file that names them");
        }

        return null;
    }
}
