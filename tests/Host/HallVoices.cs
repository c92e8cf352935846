using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host;

/// <summary>Some rated cases of the service hall in March 2026, and complaints in every state a page can show.</summary>
internal static class HallVoices
{
    /// <summary>The name of somebody who complained, and rated; it is to be seen nowhere.</summary>
    public const string Name = "王样板";

    /// <summary>What was written, which is to be seen nowhere either.</summary>
    public const string Words = "窗口人员一直看手机";

    /// <summary>Thursday 2026-03-19, 10:00 in the hall.</summary>
    public static Instant Now { get; } = Instant.FromUtc(2026, 3, 19, 2, 0);

    /// <summary>A server that knows of them, and a snapshot taken since.</summary>
    public static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Now);
        var (status, stored) = await server.PostAsync([.. Cases(), .. Complaints()]);
        Assert.True(status == 200, stored?.ToJsonString());
        await server.GetAsync($"/cases?centre=service-hall&wait={stored!["position"]}");
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        return server;
    }

    private static IEnumerable<JsonObject> Cases() =>
    [
        .. Finished("1"), .. Finished("2"), .. Finished("3"), .. Finished("4"), .. Finished("5"),
        Event("case_rated", "case/1", 5, new() { ["score"] = 5, ["channel"] = 1, ["text"] = Words, ["person"] = Person() }),
        Event("case_applicant_contacted", "case/1", 6, new() { ["by"] = "supervision" }), Event("case_rating_rectified", "case/1", 10, []),
        Event("case_rated", "case/2", 5, new() { ["score"] = 1, ["defaulted"] = true }),
        Event("case_rated", "case/3", 5, new() { ["score"] = 2, ["channel"] = 3 }),
        Event("case_rated", "case/4", 5, new() { ["score"] = 4 }), Event("case_rating_voided", "case/4", 9, new() { ["approver"] = "centre-head", ["reason"] = Words }),
    ];

    private static IEnumerable<JsonObject> Complaints() =>
    [
        // Both of the last two about W1-01 are true.
        .. Opened("C1", 6, "rating", "attitude", "W1", "W1-01", "1"), .. Answered("C1", 10, "complaint_substantiated"), Event("complaint_revisited", "complaint/C1", 16, new() { ["satisfied"] = true }),
        .. Opened("C2", 9, "phone", "attitude", "W1", "W1-01", null), .. Answered("C2", 12, "complaint_substantiated"),
        // Of the two about W2-01 one was found true by mistake.
        .. Opened("C3", 9, "online", "fee", "W2", "W2-01", "3"), .. Answered("C3", 11, "complaint_substantiated"),
        Event("complaint_reversed", "complaint/C3", 13, new() { ["reason"] = Words }), Event("complaint_unsubstantiated", "complaint/C3", 13, [], 17),
        .. Opened("C4", 6, "phone", "attitude", "W2", "W2-01", null), .. Answered("C4", 10, "complaint_substantiated"),
        // Overdue, and one that is not.
        .. Opened("C5", 10, "hotline", "delay", "W3", null, null), .. Opened("C6", 18, "box", "facilities", "W3", null, null),
    ];

    private static IEnumerable<JsonObject> Finished(string number)
    {
        yield return TestServer.Received($"case/{number}", "2026-03-02T09:30:00+08:00");
        yield return Event("case_accepted", $"case/{number}", 2, [], 10);
        yield return Event("case_decided", $"case/{number}", 4, new() { ["outcome"] = "approved" });
        yield return Event("case_closed", $"case/{number}", 4, [], 16);
    }

    private static IEnumerable<JsonObject> Opened(string id, int day, string channel, string category, string window, string? staff, string? number)
    {
        var registered = new JsonObject { ["channel"] = channel, ["category"] = category, ["window"] = window, ["person"] = Person(), ["text"] = Words };
        if (staff is not null)
            registered["staff"] = staff;
        if (number is not null)
            registered["case"] = number;
        yield return Event("complaint_registered", $"complaint/{id}", day, registered, 9);
        yield return Event("complaint_transferred", $"complaint/{id}", day, new() { ["to"] = window }, 11);
    }

    private static IEnumerable<JsonObject> Answered(string id, int day, string found)
    {
        yield return Event(found, $"complaint/{id}", day, new() { ["text"] = Words }, 10);
        yield return Event("complaint_responded", $"complaint/{id}", day, new() { ["copied"] = true, ["text"] = Words }, 11);
        yield return Event("complaint_fed_back", $"complaint/{id}", day, [], 14);
        yield return Event("complaint_closed", $"complaint/{id}", day, [], 16);
    }

    private static JsonObject Person() => new() { ["name"] = Name, ["phone"] = "138 0000 4711" };

    private static JsonObject Event(string type, string subject, int day, JsonObject data, int hour = 15) => TestServer.Event(type, subject, $"2026-03-{day:00}T{hour:00}:00:00+08:00", data);
}
