using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>A collector of OTLP over HTTP that keeps what it is sent, and reads as much of it as tests ask for.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (HttpRequest request, string signal) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, body.ToArray()));
            // An empty answer says that all was taken.
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public string Url => _app.Urls.First();

    /// <summary>Everything that was sent, as text: what is text in it stands in there as it is.</summary>
    public string Text => string.Concat(_received.Select(r => Encoding.UTF8.GetString(r.Body)));

    /// <summary>The names of all metrics: resourceMetrics.scopeMetrics.metrics.name.</summary>
    public IEnumerable<string> Metrics => _received.Where(r => r.Path == "metrics").SelectMany(r => At(r.Body, 1, 2, 2, 1)).Select(Encoding.UTF8.GetString);

    /// <summary>The names of all spans: resourceSpans.scopeSpans.spans.name.</summary>
    public IEnumerable<string> Spans => _received.Where(r => r.Path == "traces").SelectMany(r => At(r.Body, 1, 2, 2, 5)).Select(Encoding.UTF8.GetString);

    /// <summary>The keys of all tags of spans: resourceSpans.scopeSpans.spans.attributes.key.</summary>
    public IEnumerable<string> Tags => _received.Where(r => r.Path == "traces").SelectMany(r => At(r.Body, 1, 2, 2, 9, 1)).Select(Encoding.UTF8.GetString);

    /// <summary>The number of points of a gauge in the last sending of gauges: metrics.gauge.dataPoints. One without points is not sent.</summary>
    public int PointsOf(string gauge) => _received.Where(r => r.Path == "metrics").Select(r => At(r.Body, 1, 2, 2).ToLookup(m => Encoding.UTF8.GetString(At(m, 1).Single()))).LastOrDefault(m => m.Contains("sla_build_info"))
        ?[gauge].Sum(m => At(m, 5, 1).Count()) ?? 0;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The messages or strings at a path of field numbers.</summary>
    private static IEnumerable<byte[]> At(byte[] message, params int[] path) =>
        path.Length == 0 ? [message] : FieldsOf(message).Where(f => f.Number == path[0]).SelectMany(f => At(f.Value, path[1..]));

    /// <summary>The length-delimited fields of a message in protobuf's wire format; numbers are passed over.</summary>
    private static List<(int Number, byte[] Value)> FieldsOf(byte[] message)
    {
        var (fields, at) = (new List<(int, byte[])>(), 0);
        while (at < message.Length)
        {
            var key = Varint();
            switch (key & 7)
            {
                case 0:
                    Varint();
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint();
                    fields.Add(((int)(key >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException("no field of this wire type is known");
            }
        }

        return fields;

        ulong Varint()
        {
            var (value, shift) = (0UL, 0);
            do
                value |= (ulong)(message[at] & 0x7f) << shift;
            while ((message[at++] & 0x80) != 0 && (shift += 7) < 64);
            return value;
        }
    }
}
