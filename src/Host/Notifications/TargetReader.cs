using System.Text.Json;
using System.Xml;
using MimeKit;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Notifications;

/// <summary>Reads the targets strictly: a field that is not known is a fault, and all faults are listed.</summary>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="folder">That of the file, from which the paths in it count.</param>
internal sealed class TargetReader(List<Fault> faults, string folder)
{
    private const int MostTargets = 100;
    private const int LongestId = 64;

    private static readonly string[] ForAll = ["id", "kind", "centres", "commitments", "notices", "language", "template", "perMinute"];
    private readonly SecretFiles _secrets = new(folder);

    /// <summary>What a kind is called, what fields it has beside those of all, and the most that is sent to it in a minute: that of the service's own documents, with room for others.</summary>
    private static readonly Dictionary<string, (string[] Fields, int? PerMinute)> Kinds = new(StringComparer.Ordinal)
    {
        ["webhook"] = (["url", "urlFile", "secretFile", "tokenFile"], null),
        ["cloudevents"] = (["url", "urlFile", "secretFile", "tokenFile"], null),
        ["email"] = (["smtp", "from", "to"], 30),
        ["feishu"] = (["urlFile", "secretFile"], 90),
        ["dingtalk"] = (["urlFile", "secretFile"], 18),
        ["wecom"] = (["urlFile"], 18),
        ["slack"] = (["urlFile"], 50),
    };

    public NotificationPlan Read(JsonElement element)
    {
        var fields = new JsonFields(element, faults);
        fields.RefuseOthers("publicUrl", "timeout", "retry", "targets");
        var plan = NotificationPlan.None with { PublicUrl = Address(fields, "publicUrl", fields.OptionalText("publicUrl")), Timeout = Time(fields, "timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) ?? NotificationPlan.None.Timeout };
        if (fields.Nested("retry") is { } retry)
            plan = plan with { Retry = ReadRetry(retry, plan.Retry) };
        var targets = fields.Items("targets").Select(t => ReadTarget(new JsonFields(t.Element, faults, t.Path))).OfType<NotificationTarget>().ToList();
        if (fields.Find("targets") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostTargets)
            fields.Refuse("targets", $"is missing, empty or longer than {MostTargets}; list who is told, each with id, kind and where");
        foreach (var (twice, i) in targets.Select((t, i) => (t, i)).Where(t => targets.Take(t.i).Any(b => b.Id == t.t.Id)))
            faults.Add(new Fault($"targets[{i}].id", "is that of another target; give each its own"));
        return plan with { Targets = targets };
    }

    private static RetrySchedule ReadRetry(JsonFields fields, RetrySchedule usual)
    {
        fields.RefuseOthers("first", "longest", "giveUp");
        var (shortest, day) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        var retry = new RetrySchedule(Time(fields, "first", shortest, day) ?? usual.First, Time(fields, "longest", shortest, day) ?? usual.Longest, Time(fields, "giveUp", shortest, 30 * day) ?? usual.GiveUp);
        if (retry.Longest < retry.First)
            fields.Refuse("longest", "is shorter than first; give a longer time");
        return retry;
    }

    private NotificationTarget? ReadTarget(JsonFields fields)
    {
        var kind = fields.Text("kind");
        if (!Kinds.TryGetValue(kind, out var known))
        {
            fields.Refuse("kind", $"is not one of {string.Join(", ", Kinds.Keys)}");
            return null;
        }

        fields.RefuseOthers([.. ForAll, .. known.Fields]);
        Channel? channel = kind switch
        {
            "webhook" or "cloudevents" => ReadWebhook(fields, kind == "cloudevents"),
            "email" => ReadEmail(fields),
            _ => ReadRobot(fields, kind),
        };
        var (id, notices, template) = (ReadId(fields), ReadNotices(fields), ReadTemplate(fields));
        var chinese = fields.RequiredChoice("language", ("zh", true), ("en", false));
        var target = new NotificationTarget(id, channel!, [.. fields.Texts("centres")], [.. fields.Texts("commitments")], notices, chinese, template, fields.OptionalInteger("perMinute", 1, 60_000) ?? known.PerMinute);
        return channel is null ? null : target;
    }

    private static string ReadId(JsonFields fields)
    {
        var id = fields.Text("id");
        if (id.Length > LongestId || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            fields.Refuse("id", $"has other characters than letters, digits, hyphens, points and underscores, or more than {LongestId}; it stands in lists and metrics");
        return id;
    }

    private static ValueList<NoticeKind> ReadNotices(JsonFields fields)
    {
        if (fields.Find("notices") is null)
            return [.. Enum.GetValues<NoticeKind>()];
        var kinds = fields.RequiredTexts("notices").Select(NoticeWords.KindOf).ToList();
        if (kinds.Contains(null))
            fields.Refuse("notices", $"holds what is none of {string.Join(", ", NoticeWords.All)}");
        return [.. kinds.OfType<NoticeKind>()];
    }

    private static MessageTemplate? ReadTemplate(JsonFields fields)
    {
        if (fields.OptionalText("template") is not { } text)
            return null;
        var (template, reason) = MessageTemplate.Parse(text);
        if (template is null)
            fields.Refuse("template", reason);
        return template;
    }

    private Channel.Webhook? ReadWebhook(JsonFields fields, bool asCloudEvent)
    {
        var inFile = fields.Find("urlFile") is not null;
        if (inFile == fields.Find("url") is not null)
            fields.Refuse("url", "is missing, or stands beside urlFile; give one of the two, the file where the address is a secret");
        var url = Address(fields, inFile ? "urlFile" : "url", inFile ? _secrets.Read(fields, "urlFile") : fields.OptionalText("url"));
        var (secret, token) = (_secrets.Read(fields, "secretFile"), _secrets.Read(fields, "tokenFile"));
        var key = secret is null ? null : Signatures.KeyOf(secret);
        if (secret is not null && key is null)
            fields.Refuse("secretFile", "holds a key of less than 24 bytes, or one after whsec_ that is not base64; make one with: openssl rand -base64 32");
        if (token?.Any(c => c is <= ' ' or > '~') == true)
            fields.Refuse("tokenFile", "holds blanks or characters that no header may have; leave only the token in it");
        return url is null ? null : new Channel.Webhook(url, asCloudEvent, key, token);
    }

    private Channel.Robot? ReadRobot(JsonFields fields, string kind)
    {
        if (fields.Find("urlFile") is null)
            fields.Refuse("urlFile", "is missing; the address of a robot is a secret: name a file with it");
        var (url, secret) = (Address(fields, "urlFile", _secrets.Read(fields, "urlFile")), kind is "feishu" or "dingtalk" ? _secrets.Read(fields, "secretFile") : null);
        var service = kind switch
        {
            "feishu" => ChatService.Feishu,
            "dingtalk" => ChatService.DingTalk,
            "wecom" => ChatService.WeCom,
            _ => ChatService.Slack,
        };
        return url is null ? null : new Channel.Robot(service, url, secret);
    }

    private Channel.Email? ReadEmail(JsonFields fields)
    {
        var (from, to) = (Mailbox(fields, "from", fields.Text("from")), fields.RequiredTexts("to"));
        foreach (var address in to)
            Mailbox(fields, "to", address);
        if (fields.Nested("smtp") is not { } smtp)
        {
            fields.Refuse("smtp", "is missing; give host, port and tls of the server that takes letters");
            return null;
        }

        smtp.RefuseOthers("host", "port", "tls", "user", "passwordFile");
        var (host, user, password) = (smtp.Text("host"), smtp.OptionalText("user"), _secrets.Read(smtp, "passwordFile"));
        var encryption = smtp.RequiredChoice("tls", ("starttls", MailEncryption.StartTls), ("implicit", MailEncryption.Implicit), ("none", MailEncryption.None));
        if ((user is null) != (smtp.Find("passwordFile") is null))
            smtp.Refuse("user", "and passwordFile go together; give both or none");
        if (user is not null && encryption == MailEncryption.None)
            smtp.Refuse("tls", "is none, and the password would go in clear; give starttls or implicit");
        var port = smtp.OptionalInteger("port", 1, 65535) ?? encryption switch { MailEncryption.Implicit => 465, MailEncryption.StartTls => 587, _ => 25 };
        return new Channel.Email(new MailServer(host, port, encryption, user, password), from, [.. to]);
    }

    private static string Mailbox(JsonFields fields, string name, string address)
    {
        if (address.Length > 0 && !(MailboxAddress.TryParse(address, out var mailbox) && mailbox.Domain is { Length: > 0 }))
            fields.Refuse(name, "is no mail address such as sla@example.org");
        return address;
    }

    private static TimeSpan? Time(JsonFields fields, string name, TimeSpan min, TimeSpan max)
    {
        if (fields.OptionalText(name) is not { } text)
            return null;
        try
        {
            if (XmlConvert.ToTimeSpan(text) is var time && time >= min && time <= max)
                return time;
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            // Refused below.
        }

        fields.Refuse(name, $"is not a time such as PT10S, from {XmlConvert.ToString(min)} to {XmlConvert.ToString(max)}");
        return null;
    }

    /// <summary>An address to send to, or of the pages. A name and a password in it would be shown wherever an address is.</summary>
    private static Uri? Address(JsonFields fields, string name, string? text)
    {
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && text.All(c => c is > ' ' and <= '~'))
            return url;
        fields.Refuse(name, "holds no http or https address without user and fragment; a name and password go into a file of their own");
        return null;
    }
}
