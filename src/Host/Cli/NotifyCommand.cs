using System.CommandLine;
using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla notify</c>: who is told of notices, whether it arrives, and what becomes of what did not.</summary>
internal static class NotifyCommand
{
    public static Command Create() => new("notify", "Who is told of what is due soon, overdue or escalated: check the file, try it, see what was sent, send again.")
    {
        Check(), Test(), List(), Decide(OutboxDecision.Replay, "replay", "Have what was given up, or one notification, sent again."), Decide(OutboxDecision.Dismiss, "dismiss", "Have what waits or was given up, or one notification, sent no more, and nobody alerted of it."),
    };

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "The file of targets" };
        var command = new Command("check", "Read a file of targets as sla run does, and say what is wrong with it. Nothing is sent.") { file };
        command.SetAction(parsed =>
        {
            foreach (var target in NotificationFile.Read(parsed.GetValue(file)!).Targets)
                Console.WriteLine($"{target.Id}: {Of(target.Centres, "all centres")}; {Of(target.Commitments, "all commitments")}; {string.Join(' ', target.Notices.Select(n => NoticeWords.WordOf(NoticeWords.TypeOf(n))))}; {(target.Chinese ? "zh" : "en")}");
            return ExitCode.Done;
        });
        return command;

        static string Of(ValueList<string> some, string all) => some.Count == 0 ? all : string.Join(' ', some);
    }

    private static Command Test()
    {
        var id = new Option<string>("--target") { Description = "Its id in the file", Required = true };
        var file = CommonOptions.Notifications();
        var command = new Command("test", "Send a target one message that says that it is a test; exit code 1 when it is not taken. Needs no database.") { id, file };
        command.SetAction(async (parsed, ct) =>
        {
            var plan = NotificationFile.Named(parsed.GetValue(file));
            if (plan.Targets.FirstOrDefault(t => t.Id == parsed.GetValue(id)) is not { } target)
                return Fail(plan.Targets.Count == 0 ? $"no file of targets is named; give --notifications or set {NotificationFile.Variable}" : $"--target is not one of {string.Join(", ", plan.Targets.Select(t => t.Id))}");
            using var http = new HttpSending(SystemClock.Instance);
            var message = NotificationMessage.Test(SystemClock.Instance.GetCurrentInstant(), plan.PublicUrl);
            if (await Sending.AttemptAsync(target, plan.Timeout, http, message, ct) is { } refusal)
                return Fail($"{target.Id} did not take it{(refusal.IsPartial ? " all" : "")}: {refusal.Reason}");
            Console.WriteLine($"{target.Id} took test message {message.Id:d}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = $"Only these: {string.Join(", ", NotificationList.States)}" };
        state.AcceptOnlyFromAmong([.. NotificationList.States]);
        var target = new Option<string?>("--target") { Description = "Only to this target" };
        var most = new Option<int>("--limit") { Description = "The newest so many", DefaultValueFactory = _ => 100 };
        var (centre, data, file) = (CommonOptions.Centre(), CommonOptions.Data(), CommonOptions.Notifications());
        var command = new Command("list", "What was sent to whom, what waits and what was given up, the newest first.") { state, target, most, centre, data, file };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(most) < 1)
                return Fail("--limit is not at least 1");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, refused) = await PlaceAsync(database, parsed.GetValue(centre), parsed.GetValue(target), parsed.GetValue(file), ct);
            if (found is null)
                return Fail(refused);
            foreach (var row in await new NotificationList(found, parsed.GetValue(state), parsed.GetValue(target)).ReadAsync(database.Source, null, parsed.GetValue(most), ct))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Id:d} {Timestamps.Format(row.CreatedAt)} {row.Target} {row.Notice} {row.Stream} {row.Commitment} {row.State} {row.Attempts} {row.LastError}").TrimEnd());
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Decide(OutboxDecision decision, string verb, string description)
    {
        var id = new Argument<string?>("id") { Description = "One of these, as sla notify list shows it", Arity = ArgumentArity.ZeroOrOne };
        var target = new Option<string?>("--target") { Description = decision == OutboxDecision.Replay ? "All that was given up of this target" : "All that waits for this target or was given up, in a file or not" };
        var by = new Option<string>("--by") { Description = "Who has it done; is shown beside it", Required = true };
        var (centre, data, file) = (CommonOptions.Centre(), CommonOptions.Data(), CommonOptions.Notifications());
        var command = new Command(verb, description) { id, target, by, centre, data, file };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(id) is null) == (result.GetValue(target) is null))
                result.AddError("Give either an id or --target.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var who = parsed.GetValue(by)!;
            if (string.IsNullOrWhiteSpace(who) || who.Any(Storable.IsInvisible))
                return Fail("--by is blank or has invisible characters; it is shown beside what was done");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, refused) = await PlaceAsync(database, parsed.GetValue(centre), parsed.GetValue(target), parsed.GetValue(file), ct);
            if (found is null)
                return Fail(refused);
            var desk = new NotificationDesk(database.Source);
            if (parsed.GetValue(target) is { } all)
            {
                var count = await desk.DecideAllAsync(decision, found, all, who, ct);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} changed"));
                return ExitCode.Done;
            }

            var (before, done) = Guid.TryParse(parsed.GetValue(id), out var one) ? await desk.DecideAsync(decision, found, one, who, ct) : (null, false);
            if (!done)
                return Fail(before is null ? $"centre {found} has no notification of that id" : $"it is {before} and stays so");
            Console.WriteLine("1 changed");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The centre that is asked about; null, and why, when there is none, or none of its rows and no file know the target.</summary>
    private static async Task<(string? Centre, string Reason)> PlaceAsync(Database database, string? asked, string? target, string? file, CancellationToken ct)
    {
        var (found, _, refused) = await new Centres(database.Source).ResolveAsync(asked, ct);
        if (found is null)
            return (null, $"--centre {refused}");
        return target is not null && await UnknownAsync(database, found, target, file, ct) is { } unknown ? (null, unknown) : (found, "");
    }

    /// <summary>What is wrong with a target that neither rows nor a file know; null: one of them does.</summary>
    private static async Task<string?> UnknownAsync(Database database, string centre, string target, string? file, CancellationToken ct)
    {
        if (await NotificationList.KnowsAsync(database.Source, centre, target, ct))
            return null;
        var targets = NotificationFile.Named(file).Targets;
        return targets.Any(t => t.Id == target) ? null
            : $"--target is none that centre {centre} has notifications for{(targets.Count == 0 ? $", and no file of targets is named; give --notifications or set {NotificationFile.Variable}" : $", and not one of {string.Join(", ", targets.Select(t => t.Id))}")}";
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla notify: {reason}");
        return ExitCode.Failed;
    }
}
