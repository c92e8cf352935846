using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SlaMonitor.Host.Notifications;

/// <summary>Sends letters. Sent twice, a letter bears the same Message-Id, by which mailboxes tell that it is one.</summary>
internal static class MailSending
{
    /// <summary>Hands a letter in; null: it was taken, for all it is for.</summary>
    public static async Task<Refusal?> SendAsync(NotificationMessage message, NotificationTarget target, Channel.Email mail, CancellationToken ct)
    {
        // Lists of revoked certificates lie in places that closed networks do not reach.
        using var client = new Handover { CheckCertificateRevocation = false };
        try
        {
            using var letter = Write(message, target, mail);
            await client.ConnectAsync(mail.Server.Host, mail.Server.Port, OptionsOf(mail.Server.Encryption), ct);
            if (mail.Server is { User: { } user, Password: { } password })
                await client.AuthenticateAsync(user, password, ct);
            await client.SendAsync(letter, ct);
        }
        catch (SmtpCommandException refused)
        {
            return new Refusal(string.Create(CultureInfo.InvariantCulture, $"smtp {(int)refused.StatusCode}"));
        }
        catch (Exception hindrance) when (WordOf(hindrance) is not null)
        {
            return new Refusal(WordOf(hindrance)!);
        }

        await QuitAsync(client, ct);
        return client.Refused.Count == 0 ? null : new Refusal(string.Create(CultureInfo.InvariantCulture, $"{client.Refused.Count} of {mail.To.Count} addresses refused"), IsPartial: true);
    }

    private static MimeMessage Write(NotificationMessage message, NotificationTarget target, Channel.Email mail)
    {
        var text = MessageText.Of(message, target.Chinese, target.Template);
        var from = MailboxAddress.Parse(mail.From);
        var letter = new MimeMessage { Subject = text.Title, MessageId = $"{message.Id:d}@{from.Domain}", Body = new TextPart("plain") { Text = text.Body } };
        letter.From.Add(from);
        letter.To.AddRange(mail.To.Select(MailboxAddress.Parse));
        // Nobody's absence is to answer it (RFC 3834).
        letter.Headers.Add("Auto-Submitted", "auto-generated");
        return letter;
    }

    /// <summary>It was taken before, whatever comes of the farewell.</summary>
    private static async Task QuitAsync(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception hindrance) when (WordOf(hindrance) is not null || hindrance is OperationCanceledException or CommandException)
        {
            // Said in the summary.
        }
    }

    private static SecureSocketOptions OptionsOf(MailEncryption encryption) => encryption switch
    {
        MailEncryption.StartTls => SecureSocketOptions.StartTls,
        MailEncryption.Implicit => SecureSocketOptions.SslOnConnect,
        MailEncryption.None => SecureSocketOptions.None,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string? WordOf(Exception hindrance) => hindrance switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "the name was not found",
        SocketException => "no connection",
        SslHandshakeException => "no secure connection",
        MailKit.Security.AuthenticationException or System.Security.Authentication.AuthenticationException or SaslException => "the login was refused",
        NotSupportedException => "the server does not offer what is asked for",
        ProtocolException or IOException or ServiceNotConnectedException => "the connection broke",
        _ => null,
    };

    /// <summary>Goes on with those that the server takes: one mailbox that is full or gone silences none of the others.</summary>
    private sealed class Handover : SmtpClient
    {
        /// <summary>What the server said to each that it did not take.</summary>
        public List<SmtpStatusCode> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Refused.Add(response.StatusCode);

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, Refused.Count > 0 ? Refused[0] : SmtpStatusCode.TransactionFailed, "none was taken");
    }
}
