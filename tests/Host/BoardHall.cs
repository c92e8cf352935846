using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host;

/// <summary>Some dozen cases of the service hall in March 2026 in every state a board can show, the same at every run.</summary>
internal static class BoardHall
{
    /// <summary>Thursday 2026-03-19, 10:00 in the hall.</summary>
    public static Instant Now { get; } = Instant.FromUtc(2026, 3, 19, 2, 0);

    private static readonly string[] Items = ["food-business-licence", "business-licence", "nurse-registration", "company-file-query"];

    /// <summary>Sends them, and waits until they are projected.</summary>
    public static async Task<long> FillAsync(TestServer server, int cases = 60)
    {
        var (status, stored) = await server.PostAsync([.. Enumerable.Range(0, cases).SelectMany(Case)]);
        Assert.Equal(200, status);
        await server.GetAsync($"/cases?centre=service-hall&wait={stored!["position"]}");
        // The board shows the last snapshot, which may be seconds old.
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        return (long)stored["position"]!;
    }

    private static IEnumerable<JsonObject> Case(int number)
    {
        var (subject, item, window) = ($"case/B{number:000}", Items[number % Items.Length], number % 3);
        var at = Instant.FromUtc(2026, 3, 2, 1, 30) + Duration.FromHours(6 * number);
        var received = TestServer.Received(subject, Text(at), item);
        received["data"]!["window"] = $"W{window + 1}";
        received["data"]!["staff"] = $"W{window + 1}-0{(number % 2) + 1}";
        yield return received;
        yield return TestServer.Event("case_accepted", subject, Text(at + Duration.FromMinutes(20)));
        if (number % 7 == 0)
            yield return TestServer.Event("case_special_procedure_started", subject, Text(at + Duration.FromHours(1)), new JsonObject { ["procedure"] = "p", ["cause"] = "hearing" });
        // Every fifth is never decided, and the slow ones are late.
        var decided = at + Duration.FromHours(number % 4 == 1 ? 200 : 20);
        if (number % 5 != 0 && number % 7 != 0 && decided < Now)
            yield return TestServer.Event("case_decided", subject, Text(decided), new JsonObject { ["outcome"] = "approved" });
    }

    private static string Text(Instant at) => Timestamps.Format(at, DateTimeZoneProviders.Tzdb["Asia/Shanghai"]);
}
