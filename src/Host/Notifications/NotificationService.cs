using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Notifications;

/// <summary>Fills the outbox and sends what is in it while the program runs.</summary>
internal sealed class NotificationService(NotificationPlan plan, NpgsqlDataSource dataSource, Centres centres, IClock clock, ILogger<NotificationService> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromMinutes(10);

    private string _told = "";

    /// <summary>How long we leave alone what is not ours: another host may be more patient than this one.</summary>
    private TimeSpan Patience => plan.Retry.GiveUp > RetrySchedule.Default.GiveUp ? plan.Retry.GiveUp : RetrySchedule.Default.GiveUp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (plan.Targets.Count == 0)
        {
            // What was filled while there were targets still ends.
            await TidyAsync(new Outbox(dataSource), stoppingToken);
            return;
        }

        using var http = new HttpSending(clock);
        var (outbox, messages) = (new Outbox(dataSource), new MessageReading(dataSource, centres, plan.PublicUrl));
        var sendings = plan.Targets.Select(t => (Target: t, Sending: new TargetSending(t, plan, outbox, messages, http, Report))).ToList();
        sendings.ForEach(s => s.Sending.CountNothing());
        var sending = sendings.Select(s => s.Sending.RunAsync(stoppingToken)).ToList();
        await Task.WhenAll([.. sending, FillAsync(sendings, stoppingToken), TidyAsync(outbox, stoppingToken)]);
        sendings.ForEach(s => s.Sending.Dispose());
    }

    private async Task FillAsync(IReadOnlyList<(NotificationTarget Target, TargetSending Sending)> sendings, CancellationToken ct)
    {
        var filling = new OutboxFilling(dataSource);
        while (!ct.IsCancellationRequested)
        {
            var more = false;
            try
            {
                foreach (var (target, sending) in sendings)
                {
                    var filled = await filling.RunAsync(target, ct);
                    more |= filled.More;
                    if (filled.Filled > 0)
                        sending.Wake();
                }

                _told = "";
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                Report(fault);
                await Task.Delay(FaultPause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!more)
                await Task.Delay(Poll, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TidyAsync(Outbox outbox, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await outbox.TidyAsync([.. plan.Targets.Select(t => t.Id)], Patience, ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                Report(fault);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(TidyInterval, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A database that is away is one fault, however often it is met and by how many.</summary>
    private void Report(Exception fault)
    {
        if (fault.Message == Interlocked.Exchange(ref _told, fault.Message))
            return;
        Log.NotificationFault(logger, fault.Message);
    }
}
