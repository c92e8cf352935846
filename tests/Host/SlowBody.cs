using System.Net;
using System.Text;

namespace SlaMonitor.Tests.Host;

/// <summary>A body that is on its way until it is let go.</summary>
internal sealed class SlowBody(string text, Task finish) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await stream.FlushAsync();
        await finish;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
