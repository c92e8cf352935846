using System.CommandLine;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla token create|list|revoke</c>: who may ask and tell over HTTP.</summary>
internal static class TokenCommand
{
    private const int MaxName = 100;
    private const int MaxDays = 36_500;

    public static Command Create() => new("token", "Make, list and revoke the tokens of this database.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        var name = new Option<string>("--name") { Description = "Whose it is; stands in the log beside what is decided with it", Required = true };
        var role = new Option<string[]>("--role") { Description = $"What it may be used for: {string.Join(", ", Roles.All)}; may be given several times", Required = true, AllowMultipleArgumentsPerToken = true };
        var centre = new Option<string[]>("--centre") { Description = "The only centre it sees; may be given several times; default: all", AllowMultipleArgumentsPerToken = true };
        var source = new Option<string[]>("--source") { Description = "The only source it may send events under; may be given several times; default: any", AllowMultipleArgumentsPerToken = true };
        var expires = new Option<string?>("--expires") { Description = "A date, from whose beginning in UTC on it is refused, or the days it holds; default: until it is revoked" };
        var data = CommonOptions.Data();
        var command = new Command("create", "Make a token. It is written to the standard output once, and kept nowhere.") { name, role, centre, source, expires, data };
        role.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => !Roles.All.Contains(t.Value)))
                result.AddError($"--role is not one of {string.Join(", ", Roles.All)}.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var (whose, roles, sources, now) = (parsed.GetValue(name)!.Trim(), parsed.GetValue(role)!, parsed.GetValue(source)!, SystemClock.Instance.GetCurrentInstant());
            if (whose.Length is 0 or > MaxName || whose.Any(char.IsControl))
                return Fail($"--name is empty, longer than {MaxName} characters or has control characters in it");
            if (sources.Length > 0 && !roles.Any(Roles.Granting(Roles.Ingest).Contains))
                return Fail($"--source is for tokens that send events; add --role {Roles.Ingest} or leave it out");
            if (!TryReadExpiry(parsed.GetValue(expires), now, out var until))
                return Fail($"--expires is neither a date to come, such as 2027-01-01, nor a number of days from 1 to {MaxDays}");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var all = await new Centres(database.Source).AllAsync(ct);
            if (parsed.GetValue(centre)!.Except(all).Any())
                return Fail($"--centre is not known; give one of {string.Join(", ", all)}");
            var (token, text) = await new AccessTokens(database.Source).CreateAsync(whose, roles, NullIfNone(parsed.GetValue(centre)!), NullIfNone(sources), now, Environment.UserName, until, ct);
            Console.Error.WriteLine($"token {token.Id} of {token.Name} for {string.Join(", ", token.Roles)}; centres: {Listed(token.Centres, "all")}; expires: {Day(token.ExpiresAt)}. It is shown this once:");
            Console.WriteLine(text);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List all tokens, whatever their state; never their secrets.") { data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (table, now) = (new Table().AddColumns("id", "name", "state", "roles", "centres", "sources", "created", "by", "expires"), SystemClock.Instance.GetCurrentInstant());
            foreach (var token in await new AccessTokens(database.Source).AllAsync(ct))
            {
                string[] cells = [token.Id, token.Name, token.State(now), Listed(token.Roles, ""), Listed(token.Centres, "all"), Listed(token.Sources, "any"), Day(token.CreatedAt), token.CreatedBy, Day(token.ExpiresAt)];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }

            // A pipe has no width of its own; a table folded at 80 columns is hard to search.
            if (Console.IsOutputRedirected)
                AnsiConsole.Profile.Width = 240;
            AnsiConsole.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The token's id, as sla token list shows it" };
        var data = CommonOptions.Data();
        var command = new Command("revoke", "Revoke a token: every host refuses it within two seconds.") { id, data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            if (await new AccessTokens(database.Source).RevokeAsync(parsed.GetValue(id)!, Environment.UserName, SystemClock.Instance.GetCurrentInstant(), null, ct) is not { } revoked)
                return Fail("there is no token of this id; sla token list shows them");
            Console.WriteLine($"token {revoked.Id} of {revoked.Name} was revoked at {Timestamps.Format(revoked.RevokedAt!.Value)} by {revoked.RevokedBy}");
            return ExitCode.Done;
        });
        return command;
    }

    private static bool TryReadExpiry(string? text, Instant now, out Instant? until)
    {
        until = null;
        if (text is null)
            return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays)
            until = now + Duration.FromDays(days);
        else if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date })
            until = date.AtMidnight().InUtc().ToInstant();
        return until > now;
    }

    private static string[]? NullIfNone(string[] given) => given.Length == 0 ? null : given;

    private static string Listed(IReadOnlyList<string>? values, string none) => values is null ? none : string.Join(", ", values);

    private static string Day(Instant? at) => at is { } instant ? LocalDatePattern.Iso.Format(instant.InUtc().Date) : "never";

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla token: {reason}");
        return ExitCode.Failed;
    }
}
