using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using NodaTime;

namespace SlaMonitor.Host.Notifications;

/// <summary>Sends what goes over HTTP. Redirects are not followed: who can answer for the address must not name another. Nothing of address, body or answer gets into what it returns.</summary>
internal sealed class HttpSending(IClock clock) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    // No trace of ours goes to others, and connections are renewed so that a name may move.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseDrainSize = LongestAnswer,
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _client.Dispose();

    /// <summary>Sends JSON to an address, signed where it has a key; null: it was taken.</summary>
    public Task<Refusal?> SendAsync(NotificationMessage message, NotificationTarget target, Channel.Webhook webhook, CancellationToken ct)
    {
        var (body, id) = (MessageJson.Write(message, target, webhook.AsCloudEvent), message.Id.ToString("d"));
        var seconds = clock.GetCurrentInstant().ToUnixTimeSeconds();
        return SendAsync(webhook.Url, body, webhook.AsCloudEvent ? "application/cloudevents+json" : "application/json", request =>
        {
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
            if (webhook.Secret is { } key)
                request.Headers.Add("webhook-signature", Signatures.OfWebhook(key, id, seconds, body));
            if (webhook.Token is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }, null, ct);
    }

    /// <summary>Has a robot say it; null: it did.</summary>
    public Task<Refusal?> SendAsync(NotificationMessage message, NotificationTarget target, Channel.Robot robot, CancellationToken ct)
    {
        var (url, body) = RobotMessages.Write(robot, MessageText.Of(message, target.Chinese, target.Template, RobotMessages.GuardOf(robot.Service)), target.Template is not null, clock.GetCurrentInstant());
        return SendAsync(url, MessageJson.Bytes(body), "application/json", _ => { }, RobotMessages.JudgeOf(robot.Service), ct);
    }

    private async Task<Refusal?> SendAsync(Uri url, byte[] body, string contentType, Action<HttpRequestMessage> sign, Func<string, Refusal?>? judge, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse($"{contentType}; charset=utf-8");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("SlaMonitor", null));
            sign(request);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            // Who needs only the status has it by now, however long the body takes.
            if (!answer.IsSuccessStatusCode)
                return Of(answer);
            return judge?.Invoke(await TextAsync(answer, ct));
        }
        catch (HttpRequestException hindrance)
        {
            return new Refusal(WordOf(hindrance.HttpRequestError));
        }
        catch (IOException)
        {
            return new Refusal("the connection broke");
        }
    }

    private Refusal Of(HttpResponseMessage answer) => new(
        string.Create(CultureInfo.InvariantCulture, $"status {(int)answer.StatusCode}"),
        answer.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - (answer.Headers.Date ?? clock.GetCurrentInstant().ToDateTimeOffset()) : null,
        answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity);

    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        var (buffer, length) = (new byte[LongestAnswer], 0);
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), ct) is > 0 and var read)
            length += read;
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string WordOf(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name was not found",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no secure connection",
        HttpRequestError.ProxyTunnelError => "the proxy refused",
        HttpRequestError.ResponseEnded => "the connection broke",
        _ => "no answer that can be read",
    };
}
