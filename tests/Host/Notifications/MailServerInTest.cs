using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>A mail server that holds a real conversation (RFC 5321) and keeps what it is given.</summary>
internal sealed class MailServerInTest : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();

    private MailServerInTest(bool startTls)
    {
        if (startTls)
            _certificate = Certificate();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Letters { get; } = [];

    /// <summary>Every line that clients said, letters left out.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>What it answers to a letter; taken by default.</summary>
    public Func<string> Verdict { get; set; } = () => "250 taken";

    /// <summary>What it answers to a line that names an address; taken by default.</summary>
    public Func<string, string> Recipient { get; set; } = _ => "250 so";

    public static MailServerInTest Start(bool startTls = false) => new(startTls);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var ours = client;
        try
        {
            await TalkAsync(client.GetStream());
        }
        catch (Exception broken) when (broken is IOException or AuthenticationException)
        {
            // The client went.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var (reader, encrypted) = (new StreamReader(stream, Encoding.UTF8), false);
        await SayAsync(stream, "220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            Said.Enqueue(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "STARTTLS" && _certificate is not null)
            {
                await SayAsync(stream, "220 go on");
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificate);
                (stream, reader, encrypted) = (secure, new StreamReader(secure, Encoding.UTF8), true);
                continue;
            }

            if (verb == "DATA")
            {
                await SayAsync(stream, "354 go on");
                var letter = new StringBuilder();
                while (await reader.ReadLineAsync() is { } text && text != ".")
                    letter.Append(text).Append('\n');
                Letters.Enqueue(letter.ToString());
                await SayAsync(stream, Verdict());
                continue;
            }

            await SayAsync(stream, verb switch
            {
                "EHLO" => _certificate is not null && !encrypted ? "250-test\r\n250 STARTTLS" : encrypted ? "250-test\r\n250 AUTH PLAIN" : "250 test",
                "AUTH" => line.EndsWith(Convert.ToBase64String("\0desk\0pass"u8), StringComparison.Ordinal) ? "235 welcome" : "535 no",
                "QUIT" => "221 bye",
                "RCPT" => Recipient(line),
                _ => "250 so",
            });
        }
    }

    private static async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));

    /// <summary>One that nobody trusts.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
