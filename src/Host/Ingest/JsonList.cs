namespace SlaMonitor.Host.Ingest;

/// <summary>Looks through a JSON list as bytes, without reading what is in it: it need not be well-formed.</summary>
internal static class JsonList
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The number, from 0, of the first item that is longer than so many bytes, blanks after it included; null: none is. The stream stands at its beginning before and after.</summary>
    public static int? FirstLonger(Stream list, int maxLength)
    {
        var (buffer, depth, item, length, inText, escaped) = (new byte[BufferSize], 0, 0, 0L, false, false);
        for (int read; length <= maxLength && (read = list.Read(buffer)) > 0;)
        {
            for (var i = 0; i < read && length <= maxLength; i++)
            {
                var next = buffer[i];
                length = depth == 0 || (depth == 1 && next == ',' && !inText) || (length == 0 && next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') ? 0 : length + 1;
                if (inText)
                    (inText, escaped) = (escaped || next != '"', !escaped && next == '\\');
                else if (next == ',' && depth == 1)
                    item++;
                else
                    (inText, depth) = (next == '"', depth + (next is (byte)'[' or (byte)'{' ? 1 : next is (byte)']' or (byte)'}' ? -1 : 0));
            }
        }

        list.Position = 0;
        return length > maxLength ? item : null;
    }
}
