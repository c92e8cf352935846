using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SlaMonitor.Tests.EndToEnd.Monitoring;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>Who is told of alerts: what Alertmanager sends to a webhook.</summary>
internal sealed class AlertInbox : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonNode> _messages = [];

    private AlertInbox(string url)
    {
        Url = url;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapPost("/", async (HttpRequest request) => _messages.Enqueue((await JsonNode.ParseAsync(request.Body))!));
    }

    public string Url { get; }

    /// <summary>All alerts of all messages so far, in the order in which they came; each as often as it was told.</summary>
    public IEnumerable<JsonNode> Alerts => _messages.SelectMany(m => m["alerts"]!.AsArray()).Select(a => a!);

    /// <summary>Opens one.</summary>
    /// <param name="url">Where; null: at any free address.</param>
    public static async Task<AlertInbox> StartAsync(string? url = null)
    {
        var inbox = new AlertInbox(url ?? MonitorProgram.FreeUrl());
        await inbox._app.StartAsync();
        return inbox;
    }

    /// <summary>What was told of alerts of a name.</summary>
    /// <param name="alert">The name.</param>
    /// <param name="status"><c>firing</c> or <c>resolved</c>.</param>
    public IEnumerable<JsonNode> Of(string alert, string status) => Alerts.Where(a => (string?)a["labels"]!["alertname"] == alert && (string?)a["status"] == status);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
