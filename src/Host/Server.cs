using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Pages;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host;

/// <summary>The HTTP program over a prepared database.</summary>
internal static class Server
{
    /// <summary>Where it listens unless told otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Builds it; the caller starts and stops it. It has no access control yet, so it answers on loopback addresses alone.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="url">Where to listen.</param>
    /// <param name="settings">Configuration beside that of the environment, see <see cref="IngestLimits"/>.</param>
    /// <exception cref="ArgumentException">The address is not a loopback one, or a setting cannot be used.</exception>
    public static WebApplication Build(NpgsqlDataSource dataSource, IClock clock, string url, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        RefuseOpenAddress(url);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.Configuration.AddEnvironmentVariables("SLA_").AddInMemoryCollection(settings);
        var limits = IngestLimits.Read(builder.Configuration);
        IngestQueue.Add(builder.Services.AddSingleton(limits), limits);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        ApiDescription.Add(builder.Services);
        builder.Services.AddProblemDetails().AddRazorComponents();
        // Pages have no forms, so there is nothing to protect: no keys are kept on disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType?.Name == "DataProtectionHostedService"));
        builder.Services.AddSingleton(dataSource).AddSingleton(clock).AddSingleton(new EventLog(dataSource)).AddSingleton<GroupCommit>().AddSingleton(new Centres(dataSource));
        builder.Services.AddSingleton(services => new Follower(dataSource, fault => Log.ProjectionFault(services.GetRequiredService<ILogger<Follower>>(), fault.Message)));
        builder.Services.AddSingleton(services => new Intake(services.GetRequiredService<GroupCommit>(), services.GetRequiredService<EventLog>(), services.GetRequiredService<Centres>(), clock, services.GetRequiredService<Follower>().Wake));
        builder.Services.AddSingleton<Snapshot>().AddSingleton<CounterListener>();
        builder.Services.AddHostedService<ProjectionService>().AddHostedService<SnapshotService>();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerFaultAsync,
            // What the sender or the database is at fault for is said in the answer; a database that is away would fill the log with it.
            SuppressDiagnosticsCallback = context => AnswerTo(context.Exception).Status != StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.UseRateLimiter();
        MapAll(app);
        return app;
    }

    private static void MapAll(WebApplication app)
    {
        // Counting starts with the program, not with the first scrape.
        app.Services.GetRequiredService<CounterListener>();
        ApiDescription.Map(app);
        PostEvents.Map(app);
        PostCalculateDue.Map(app);
        GetCases.Map(app);
        GetCase.Map(app);
        GetExplanation.Map(app);
        GetCompliance.Map(app);
        GetIndicators.Map(app);
        GetAnomalies.Map(app);
        GetRestatements.Map(app);
        GetMetrics.Map(app);
        GetHealth.Map(app);
        CasesPage.Map(app);
        CasePage.Map(app);
    }

    /// <exception cref="ArgumentException">It is no plain address of this machine.</exception>
    public static void RefuseOpenAddress(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/")
            throw new ArgumentException($"'{url}' is not an address to listen on; give one such as {DefaultUrl}");
        if (uri.Host != "localhost" && !(IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            throw new ArgumentException($"'{url}' can be reached from other machines, and this version has no access control; listen on 127.0.0.1 and put a proxy that checks who asks in front");
    }

    private static Task AnswerFaultAsync(HttpContext context)
    {
        var (status, detail) = AnswerTo(context.Features.Get<IExceptionHandlerFeature>()?.Error);
        return Results.Problem(detail, statusCode: status).ExecuteAsync(context);
    }

    private static (int Status, string Detail) AnswerTo(Exception? fault) => fault switch
    {
        UnreadableEventException or CalendarRangeException or OverflowException => (422, $"The case holds an event that cannot be used, so it shows no verdicts until that is mended: {fault.Message}"),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        PostgresException { SqlState: ['2', '2', ..] } => (400, "A parameter holds characters or numbers that cannot be looked up."),
        PostgresException { SqlState: not (['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..]) } refused => (500, $"The database refuses this (SQLSTATE {refused.SqlState}); the program's log names why."),
        NpgsqlException => (503, "The database does not answer; try again."),
        _ => (500, "This is a fault of the program; its log names it."),
    };

    /// <summary>Runs the projections while the program runs; a page in work is finished before it stops.</summary>
    private sealed class ProjectionService(Follower follower) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => follower.RunAsync(stoppingToken);
    }

    /// <summary>Renews the metrics' snapshot.</summary>
    private sealed class SnapshotService(Snapshot snapshot, ILogger<Snapshot> logger) : BackgroundService
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Interval);
            do
            {
                try
                {
                    await snapshot.TakeAsync(stoppingToken);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.SnapshotFault(logger, fault.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
    }
}
