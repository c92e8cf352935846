using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace SlaMonitor.Host.Notifications;

/// <summary>What the robots of group chats take, and what their answers mean: an error comes with status 200, too.</summary>
internal static class RobotMessages
{
    private static readonly TimeSpan Breather = TimeSpan.FromMinutes(1);

    /// <summary>Where to send what. Plain text everywhere, because case numbers come from elsewhere and must neither format nor call anybody.</summary>
    public static (Uri Url, JsonObject Body) Write(Channel.Robot robot, MessageText text, bool byTemplate, Instant now)
    {
        var said = byTemplate ? text.Body : text.Whole;
        return robot.Service switch
        {
            ChatService.Feishu => (robot.Url, OfFeishu(robot.Secret, said, now.ToUnixTimeSeconds())),
            ChatService.DingTalk => (Signed(robot.Url, robot.Secret, now.ToUnixTimeMilliseconds()), Text("msgtype", "content", said)),
            ChatService.WeCom => (robot.Url, Text("msgtype", "content", said)),
            ChatService.Slack => (robot.Url, new JsonObject { ["text"] = said.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal) }),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What is done to each value before it stands in a text; null: nothing.</summary>
    public static Func<string, string>? GuardOf(ChatService service) => service == ChatService.Slack ? SlackGuard.Quiet : null;

    /// <summary>What says whether an answer means that it was said; null: its status does.</summary>
    public static Func<string, Refusal?>? JudgeOf(ChatService service) => service == ChatService.Slack ? null : answer => Judge(service, answer);

    private static Refusal? Judge(ChatService service, string answer)
    {
        if (CodeOf(answer, service == ChatService.Feishu ? (string[])["code", "StatusCode"] : ["errcode"]) is not { } code)
            return new Refusal("an answer without a code");
        var tooOften = (service, code) is (ChatService.Feishu, 11232 or 9499) or (ChatService.DingTalk, 130101) or (ChatService.WeCom, 45009);
        return code == 0 ? null : new Refusal(string.Create(CultureInfo.InvariantCulture, $"code {code}"), tooOften ? Breather : null);
    }

    // A tag in it would call everybody in the group.
    private static JsonObject OfFeishu(string? secret, string said, long seconds)
    {
        var body = Text("msg_type", "text", said.Replace('<', '＜'), "content");
        if (secret is not null)
        {
            body["timestamp"] = seconds.ToString(CultureInfo.InvariantCulture);
            body["sign"] = Signatures.OfFeishu(secret, seconds);
        }

        return body;
    }

    private static JsonObject Text(string kind, string field, string said, string holder = "text") => new() { [kind] = "text", [holder] = new JsonObject { [field] = said } };

    private static Uri Signed(Uri url, string? secret, long milliseconds) => secret is null ? url
        : new Uri($"{url.AbsoluteUri}{(url.Query.Length > 0 ? "&" : "?")}timestamp={milliseconds.ToString(CultureInfo.InvariantCulture)}&sign={Uri.EscapeDataString(Signatures.OfDingTalk(secret, milliseconds))}");

    private static int? CodeOf(string answer, string[] names)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            foreach (var name in names)
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var code))
                    return code;
            }
        }
        catch (JsonException)
        {
            // Then it has none.
        }

        return null;
    }
}
