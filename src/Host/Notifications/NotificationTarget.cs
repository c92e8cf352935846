using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Notifications;

/// <summary>Who is told of notices, of which, and how.</summary>
/// <param name="Id">Its name, which metrics and lists show.</param>
/// <param name="Channel">The way there.</param>
/// <param name="Centres">Only of these; empty: of all.</param>
/// <param name="Commitments">Only about these; empty: about all.</param>
/// <param name="Notices">Only of these kinds.</param>
/// <param name="Chinese">In which language it is written to.</param>
/// <param name="Template">The text it is sent; null: ours.</param>
/// <param name="PerMinute">The most it is sent in a minute by one host; null: as many as come.</param>
internal sealed record NotificationTarget(
    string Id, Channel Channel, ValueList<string> Centres, ValueList<string> Commitments, ValueList<NoticeKind> Notices, bool Chinese, MessageTemplate? Template, int? PerMinute)
{
    /// <summary>How many it is sent at the same time. People read one after the other, and robots count them.</summary>
    public int Concurrent => Channel is Channel.Webhook ? 8 : 1;

    /// <summary>True when it is to be told of a notice.</summary>
    public bool Takes(string centre, string commitment, NoticeKind kind) =>
        (Centres.Count == 0 || Centres.Contains(centre)) && (Commitments.Count == 0 || Commitments.Contains(commitment)) && Notices.Contains(kind);
}

/// <summary>A way to a target. None of them is printed: addresses of robots are secrets.</summary>
internal abstract class Channel
{
    private Channel()
    {
    }

    /// <summary>JSON to an address, signed where there is a secret.</summary>
    /// <param name="url">Where.</param>
    /// <param name="asCloudEvent">In the form of CloudEvents 1.0; else in ours.</param>
    /// <param name="secret">The key of the signature; null: unsigned.</param>
    /// <param name="token">A bearer token; null: none.</param>
    public sealed class Webhook(Uri url, bool asCloudEvent, byte[]? secret, string? token) : Channel
    {
        public Uri Url => url;

        public bool AsCloudEvent => asCloudEvent;

        public byte[]? Secret => secret;

        public string? Token => token;
    }

    /// <summary>A robot of a group chat.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="url">Its address, which is a secret.</param>
    /// <param name="secret">What it is signed with; null: unsigned.</param>
    public sealed class Robot(ChatService service, Uri url, string? secret) : Channel
    {
        public ChatService Service => service;

        public Uri Url => url;

        public string? Secret => secret;
    }

    /// <summary>A letter by way of a mail server.</summary>
    public sealed class Email(MailServer server, string from, ValueList<string> to) : Channel
    {
        public MailServer Server => server;

        public string From => from;

        public ValueList<string> To => to;
    }
}

/// <summary>Where letters are handed in.</summary>
internal sealed class MailServer(string host, int port, MailEncryption encryption, string? user, string? password)
{
    public string Host => host;

    public int Port => port;

    public MailEncryption Encryption => encryption;

    public string? User => user;

    public string? Password => password;
}

/// <summary>How the conversation with a mail server is kept from others.</summary>
internal enum MailEncryption
{
    /// <summary>It begins in clear and must be encrypted before anything is said.</summary>
    StartTls,

    /// <summary>From the first byte on.</summary>
    Implicit,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A service of group chats.</summary>
internal enum ChatService
{
    /// <summary>飞书.</summary>
    Feishu,

    /// <summary>钉钉.</summary>
    DingTalk,

    /// <summary>企业微信.</summary>
    WeCom,

    /// <summary>Slack, and what takes its messages, such as Mattermost.</summary>
    Slack,
}

/// <summary>What the file of targets says.</summary>
/// <param name="Targets">Who is told.</param>
/// <param name="PublicUrl">Where people reach this program's pages; null: messages bear no link.</param>
/// <param name="Timeout">How long a receiver may take to answer.</param>
/// <param name="Retry">When it is tried again.</param>
internal sealed record NotificationPlan(IReadOnlyList<NotificationTarget> Targets, Uri? PublicUrl, TimeSpan Timeout, RetrySchedule Retry)
{
    /// <summary>Nobody is told.</summary>
    public static NotificationPlan None { get; } = new([], null, TimeSpan.FromSeconds(10), RetrySchedule.Default);

    /// <summary>How long an attempt holds its row: longer than it can take, so that only a killed host's are taken over.</summary>
    public TimeSpan Lease => (2 * Timeout) + TimeSpan.FromSeconds(1);
}
