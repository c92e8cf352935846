using System.Text.Encodings.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Outages;
using SlaMonitor.Host.Pages;
using SlaMonitor.Host.Queries;
using SlaMonitor.Host.Ratings;
using SlaMonitor.Host.Samples;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host;

/// <summary>The HTTP program over a prepared database.</summary>
internal static class Server
{
    /// <summary>Where it listens unless told otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Builds it; the caller starts and stops it. Where other machines can reach it, tokens are required whatever the rules say.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="url">Where to listen.</param>
    /// <param name="rules">Who gets in.</param>
    /// <param name="webhooks">The mappings of documents that other systems send.</param>
    /// <param name="settings">Configuration beside that of the environment, see <see cref="IngestLimits"/>.</param>
    /// <param name="keys">The key file of personal data; null: that of the environment, if any.</param>
    /// <param name="notifications">Who is told of notices; null: nobody.</param>
    /// <exception cref="ArgumentException">The address is none to listen on, or a setting cannot be used.</exception>
    public static WebApplication Build(NpgsqlDataSource dataSource, IClock clock, string url, AccessRules rules, Webhooks webhooks, IEnumerable<KeyValuePair<string, string?>>? settings = null, KeyFile? keys = null, NotificationPlan? notifications = null)
    {
        var address = ListenAddress.Parse(url);
        rules = rules with { TokensRequired = rules.TokensRequired || !address.IsLoopback };
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // First of all, so that no setting comes after what is decided here of addresses.
        builder.Configuration.AddEnvironmentVariables("SLA_").AddInMemoryCollection(settings);
        if (builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            throw new ArgumentException("the environment sets Kestrel:Endpoints, which would listen on other addresses than --url says; unset it");
        // Where everything is open, a page of elsewhere must not get in under a name of its own that leads to this machine.
        builder.Configuration["AllowedHosts"] = rules.TokensRequired ? "*" : "localhost;127.0.0.1;[::1]";
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(address.Url);
        var limits = IngestLimits.Read(builder.Configuration);
        IngestQueue.Add(builder.Services.AddSingleton(limits).AddSingleton(webhooks), limits);
        // An event may be 64 levels deep, and stands in an answer within some more.
        builder.Services.ConfigureHttpJsonOptions(json => (json.SerializerOptions.Encoder, json.SerializerOptions.MaxDepth) = (JavaScriptEncoder.UnsafeRelaxedJsonEscaping, 128));
        ApiDescription.Add(builder.Services);
        // Pages only: they hold no secret beside what somebody else could have put there. Metrics have a way of their own.
        builder.Services.AddResponseCompression(compression => (compression.EnableForHttps, compression.MimeTypes) = (true, ["text/html", "text/css", "text/javascript"]));
        builder.Services.AddProblemDetails().AddRazorComponents();
        // Pages have no forms, so there is nothing to protect: no keys are kept on disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton(dataSource).AddSingleton(clock).AddSingleton(new EventLog(dataSource)).AddSingleton<GroupCommit>().AddAccessControl(rules);
        // After access control, which adds it once more.
        foreach (var keeper in builder.Services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            builder.Services.Remove(keeper);
        // Endpoints ask for VisibleCentres; all of them are for what serves nobody.
        var centres = new Centres(dataSource);
        builder.Services.AddScoped(request => new VisibleCentres(centres, request.GetRequiredService<Requester>()));
        builder.Services.AddSingleton(services => new Follower(dataSource, fault => Log.ProjectionFault(services.GetRequiredService<ILogger<Follower>>(), fault.Message)));
        builder.Services.AddSingleton(services => new Intake(services.GetRequiredService<GroupCommit>(), services.GetRequiredService<EventLog>(), services.GetRequiredService<EventSealing>(), clock, services.GetRequiredService<Follower>().Wake));
        builder.Services.AddSingleton(new KeyTable(dataSource, keys ?? KeyFile.Named(builder.Configuration["VAULT_KEYS"]) ?? KeyFile.None)).AddSingleton<EventSealing>().AddSingleton<PersonDesk>();
        builder.Services.AddSingleton<NotificationDesk>().AddSingleton<ExclusionDesk>().AddSingleton<SampleDesk>().AddSingleton<SeriesEnds>().AddSingleton<ListedItems>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Snapshots>(services, centres)).AddSingleton<ProcessMetrics>();
        builder.Services.AddHostedService<ProjectionService>().AddHostedService<SnapshotService>();
        builder.Services.AddSingleton(notifications ?? NotificationPlan.None).AddHostedService(services => ActivatorUtilities.CreateInstance<NotificationService>(services, centres));
        if (OtlpExport.IsAsked(builder.Configuration))
            builder.Services.AddHostedService<OtlpExport>();
        var app = builder.Build();
        if (OtlpExport.IsAsked(app.Configuration))
            RequestSpans.Use(app);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerFaultAsync,
            // What the sender or the database is at fault for is said in the answer; a database that is away would fill the log with it.
            SuppressDiagnosticsCallback = context => AnswerTo(context.Exception).Status != StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.UseResponseCompression();
        // In this order: who asks is found out behind what answers when the database is away, and knowing what for.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        MapAll(app);
        return app;
    }

    private static void MapAll(WebApplication app)
    {
        // Counting starts with the program, not with the first scrape.
        app.Services.GetRequiredService<ProcessMetrics>();
        Intake.CountNothing();
        var ingest = app.For(Roles.Ingest);
        PostEvents.Map(ingest);
        PostWebhook.Map(ingest);
        var read = app.For(Roles.Read);
        PostCalculateDue.Map(read);
        PostCalculateAvailability.Map(read);
        GetCases.Map(read);
        GetCase.Map(read);
        GetExplanation.Map(read);
        GetCompliance.Map(read);
        GetIndicators.Map(read);
        GetAnomalies.Map(read);
        GetRestatements.Map(read);
        GetServices.Map(read);
        GetServiceAvailability.Map(read);
        GetMetrics.Map(read);
        GetOutages.Map(read);
        GetComplaints.Map(read);
        GetComplaintFigures.Map(read);
        GetRatings.Map(read);
        var decide = app.For(Roles.Decide);
        PostRecalculations.Map(decide);
        PostExclusions.Map(decide, read);
        PostSamples.Map(decide);
        GetSamples.Map(read);
        GetNotifications.Map(read);
        PostNotifications.Map(decide);
        PersonRoutes.Map(app.For(Roles.PersonalData));
        var admin = app.For(Roles.Admin);
        GetTokens.Map(admin);
        DeleteToken.Map(admin);
        var pages = app.PagesFor(Roles.Read).WithPolicy();
        Assets.Map(pages);
        BoardPage.Map(pages);
        CasesPage.Map(pages);
        CompliancePage.Map(pages);
        AnomaliesPage.Map(pages);
        CasePage.Map(pages);
        ServicesPage.Map(pages);
        ServicePage.Map(pages);
        OutagePage.Map(pages);
        ComplaintsPage.Map(pages);
        SatisfactionPage.Map(pages);
        ComplaintPage.Map(pages);
        NotificationsPage.Map(pages);
        var open = app.MapGroup("").AllowAnonymous();
        GetHealth.Map(open);
        ApiDescription.Map(open);
    }

    private static Task AnswerFaultAsync(HttpContext context)
    {
        var (status, detail) = AnswerTo(context.Features.Get<IExceptionHandlerFeature>()?.Error);
        return Results.Problem(detail, statusCode: status).ExecuteAsync(context);
    }

    private static (int Status, string Detail) AnswerTo(Exception? fault) => fault switch
    {
        UnreadableEventException or CalendarRangeException or OverflowException => (422, $"The case holds an event that cannot be used, so it shows no verdicts until that is mended: {fault.Message}"),
        VaultClosedException closed => (503, $"Nothing was stored or told: {closed.Message}."),
        VaultBrokenException broken => (500, $"{broken.Message}."),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        PostgresException { SqlState: ['2', '2', ..] } => (400, "A parameter holds characters or numbers that cannot be looked up."),
        PostgresException { SqlState: not (['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..]) } refused => (500, $"The database refuses this (SQLSTATE {refused.SqlState}); the program's log names why."),
        NpgsqlException => (503, "The database does not answer; try again."),
        System.Threading.Channels.ChannelClosedException => (503, "The program is stopping; try again."),
        _ => (500, "This is a fault of the program; its log names it."),
    };

    /// <summary>Runs the projections while the program runs; a page in work is finished before it stops.</summary>
    private sealed class ProjectionService(Follower follower) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => follower.RunAsync(stoppingToken);
    }
}
