using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Notifications;

/// <summary>A message as programs read it.</summary>
internal static class MessageJson
{
    /// <summary>The specification's name of the version.</summary>
    public const string CloudEventsVersion = "1.0";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes that are sent, and signed.</summary>
    public static byte[] Write(NotificationMessage message, NotificationTarget target, bool asCloudEvent)
    {
        var data = Data(message);
        data["text"] = MessageText.Of(message, target.Chinese, target.Template).Whole;
        var body = asCloudEvent
            ? new JsonObject
            {
                ["specversion"] = CloudEventsVersion,
                ["id"] = message.Id.ToString("d"),
                ["source"] = NoticeJson.Source,
                ["type"] = message.Type,
                ["subject"] = message.Notice.Clock.Stream,
                ["time"] = Timestamps.Format(message.Notice.ToldAt),
                ["centre"] = message.Centre,
                ["datacontenttype"] = "application/json",
                ["data"] = data,
            }
            : new JsonObject { ["id"] = message.Id.ToString("d"), ["type"] = message.Type, ["timestamp"] = Timestamps.Format(message.Notice.ToldAt), ["data"] = data };
        return Bytes(body);
    }

    /// <summary>JSON in which Chinese stays Chinese.</summary>
    public static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, Options);

    private static JsonObject Data(NotificationMessage message)
    {
        var (notice, zone) = (message.Notice, message.Zone);
        var data = new JsonObject
        {
            ["centre"] = Named(message.Centre, message.CentreNames),
            ["commitment"] = Named(notice.Clock.Commitment, message.CommitmentNames),
            ["service"] = message.Service is { } service ? Named(service, message.ServiceNames) : null,
            ["window"] = message.Window is { } window ? Named(window, message.WindowNames) : null,
            ["subject"] = notice.Clock.Stream,
            ["key"] = notice.Clock.Key.Length > 0 ? notice.Clock.Key : null,
            ["ordinal"] = notice.Clock.Ordinal,
            ["crossing"] = notice.Crossing,
            ["level"] = notice.Level,
            ["at"] = Timestamps.Format(notice.At, zone),
            ["dueAt"] = notice.DueAt is { } due ? Timestamps.Format(due, zone) : null,
            ["secondsLeft"] = message.Left is { } left ? (long)left.TotalSeconds : null,
            ["link"] = message.Link?.AbsoluteUri,
        };
        if (message.IsTest)
            data["test"] = true;
        return data;
    }

    private static JsonObject Named(string id, Names? names) => new() { ["id"] = id, ["zh"] = names?.Zh, ["en"] = names?.En };
}
