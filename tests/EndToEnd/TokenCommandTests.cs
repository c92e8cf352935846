using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary><c>sla token</c>, and <c>sla run</c> where others can reach it, as somebody types them.</summary>
public class TokenCommandTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task A_token_is_shown_once_opens_a_server_others_can_reach_until_it_is_revoked_and_stands_in_no_log()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, CatalogueFiles.Folder, default);
        var url = ProgramTests.FreeUrl().Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal);
        var (refused, _, remedy) = await RunAsync(database, "run", "--url", url);
        Assert.Equal((1, true), (refused, remedy.Contains("make one with: sla token create --name NAME --role admin", StringComparison.Ordinal)));
        var (code, output, errors) = await RunAsync(database, "token", "create", "--name", "Desk [3]", "--role", "ingest", "--role", "read", "--centre", "service-hall", "--source", "desk-3", "--expires", "30");
        Assert.Equal(0, code);
        var token = output.TrimEnd('\n');
        Assert.NotNull(Credential.Parse(token));
        Assert.DoesNotContain(token, errors, StringComparison.Ordinal);

        using var run = Process.Start(Start(database, "run", "--url", url))!;
        var (told, complained) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
            await Condition.HoldsAsync(async () => run.HasExited || await ProgramTests.AnswersAsync(client, "/readyz"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, Credential.New().Text));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, token));
            var (_, listed, _) = await RunAsync(database, "token", "list");
            Assert.Matches($@"{token.Split('_')[1]} │ Desk \[3\] +│ usable │ ingest, read │ service-hall │ desk-3", listed);
            Assert.DoesNotContain(token[^43..], listed, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(database, "token", "revoke", token.Split('_')[1])).Code);
            await Condition.HoldsAsync(async () => await StatusAsync(client, token) == HttpStatusCode.Unauthorized);
        }
        finally
        {
            if (!run.HasExited)
                Posix.Signal(run.Id, Terminate);
            await run.WaitForExitAsync();
        }

        Assert.DoesNotContain(token[^43..], await told + await complained, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData(2, "--role is not one of ingest, read, decide, personal-data, admin", "--name", "x", "--role", "root")]
    [InlineData(2, "--role", "--name", "x")]
    [InlineData(1, "--centre is not known; give one of it-department, permits-nl, service-hall", "--name", "x", "--role", "read", "--centre", "nowhere")]
    [InlineData(1, "--source is for tokens that send events", "--name", "x", "--role", "read", "--source", "desk")]
    [InlineData(1, "--expires is neither a date to come", "--name", "x", "--role", "read", "--expires", "2020-01-01")]
    [InlineData(1, "--expires is neither a date to come", "--name", "x", "--role", "read", "--expires", "0")]
    [InlineData(1, "--name is empty", "--name", " ", "--role", "read")]
    public async Task What_cannot_be_is_refused_and_makes_no_token(int code, string reason, params string[] arguments)
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, CatalogueFiles.Folder, default);
        var (ended, output, errors) = await RunAsync(database, ["token", "create", .. arguments]);
        Assert.Equal((code, ""), (ended, output.Contains("Usage:", StringComparison.Ordinal) ? "" : output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Empty(await new AccessTokens(database.DataSource).AllAsync(default));
    }

    [Fact]
    public async Task An_expiry_is_a_day_in_UTC_and_an_unknown_id_cannot_be_revoked()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, CatalogueFiles.Folder, default);
        var day = SystemClock.Instance.GetCurrentInstant().InUtc().Date.PlusDays(40);
        Assert.Equal(0, (await RunAsync(database, "token", "create", "--name", "x", "--role", "read", "admin", "--expires", LocalDatePattern.Iso.Format(day))).Code);
        var token = Assert.Single(await new AccessTokens(database.DataSource).AllAsync(default));
        Assert.Equal((day.AtMidnight().InUtc().ToInstant(), 2, null), (token.ExpiresAt, token.Roles.Count, token.Centres));
        var (code, _, errors) = await RunAsync(database, "token", "revoke", "0123");
        Assert.Equal((1, true), (code, errors.Contains("there is no token of this id", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("https://127.0.0.1:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://192.168.1.5:5080", false)]
    [InlineData("http://localhost.example:5080", false)]
    public void Only_an_address_of_this_machine_goes_without_tokens(string url, bool loopback) => Assert.Equal((url, loopback), (ListenAddress.Parse(url).Url, ListenAddress.Parse(url).IsLoopback));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://0.0.0.0:5080@127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5080")]
    [InlineData("http://127.0.0.1:5080/;http://0.0.0.0:5080")]
    [InlineData("http://127.0.0.1:5080/path")]
    public void What_is_no_plain_address_is_refused(string url) => Assert.Throws<ArgumentException>(() => ListenAddress.Parse(url));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/compliance");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static ProcessStartInfo Start(TestDatabase database, params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments);
        start.Environment[SlaMonitor.Host.Database.Variable] = database.ConnectionString;
        return start;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TestDatabase database, params string[] arguments)
    {
        using var process = Process.Start(Start(database, arguments))!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
