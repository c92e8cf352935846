using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// Pushes the same metrics, and spans, to a collector: where, how and how often by OpenTelemetry's own settings (<c>OTEL_…</c>), and only when an endpoint
/// is set. A collector that is away costs what is dropped, and two seconds when the program stops.
/// </summary>
internal sealed class OtlpExport(IConfiguration configuration, Snapshots snapshots, IMeterFactory meters) : IHostedService, IDisposable
{
    /// <summary>The setting that turns it on.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const int StopMilliseconds = 2_000;

    // Room for the series of a thousand services with five commitments at four levels.
    private const int MostSeries = 25_000;

    private MeterProvider? _counters;
    private MeterProvider? _gauges;
    private TracerProvider? _spans;

    /// <summary>Whether an endpoint is set.</summary>
    /// <exception cref="ArgumentException">It is no address, which the exporter would keep to itself.</exception>
    public static bool IsAsked(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } endpoint)
            return false;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? true
            : throw new ArgumentException($"{Endpoint} is no address of a collector; write it like http://collector:4317, or unset it");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var domain = new SnapshotInstruments(snapshots, meters);
        // What only grows is told as sums since the start. Gauges are told by difference, which for them means: those that are there now, so that
        // what vanished here vanishes there.
        _counters = Metrics(MetricReaderTemporalityPreference.Cumulative, [Meters.Sla.Name, domain.Counters.Name, .. ProcessInstruments.Meters], instrument =>
            instrument.Meter.Name == "System.Runtime" && ProcessInstruments.Find(instrument) is null or { Name: "dotnet_thread_pool_threads" or "dotnet_thread_pool_queue_length" } ? MetricStreamConfiguration.Drop : Roomy());
        _gauges = Metrics(MetricReaderTemporalityPreference.Delta, [domain.Gauges.Name], _ => Roomy());
        _spans = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Name)
            .AddSource("Microsoft.AspNetCore", Meters.Spans.Name, Spans.Name, "Npgsql")
            .AddProcessor(new SpanGuard())
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _counters?.Shutdown(StopMilliseconds), CancellationToken.None),
        Task.Run(() => _gauges?.Shutdown(StopMilliseconds), CancellationToken.None),
        Task.Run(() => _spans?.Shutdown(StopMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _counters?.Dispose();
        _gauges?.Dispose();
        _spans?.Dispose();
    }

    private MeterProvider Metrics(MetricReaderTemporalityPreference temporality, string[] names, Func<Instrument, MetricStreamConfiguration?> view) => Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(configuration))
        .ConfigureResource(Name)
        .AddMeter(names)
        .AddView(view)
        .AddOtlpExporter((OtlpExporterOptions _, MetricReaderOptions reader) => reader.TemporalityPreference = temporality)
        .Build();

    private static MetricStreamConfiguration Roomy() => new() { CardinalityLimit = MostSeries };

    private void Name(ResourceBuilder resource)
    {
        if (configuration["OTEL_SERVICE_NAME"] is null)
            resource.AddService("sla", serviceVersion: Meters.Sla.Version);
    }
}
