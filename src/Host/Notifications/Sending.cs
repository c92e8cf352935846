namespace SlaMonitor.Host.Notifications;

/// <summary>One attempt to send a message, whichever way its target is reached.</summary>
internal static class Sending
{
    /// <summary>Tries, for as long as a receiver may take; null: it was taken.</summary>
    public static async Task<Refusal?> AttemptAsync(NotificationTarget target, TimeSpan patience, HttpSending http, NotificationMessage message, CancellationToken ct)
    {
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patient.CancelAfter(patience);
        try
        {
            return target.Channel switch
            {
                Channel.Webhook webhook => await http.SendAsync(message, target, webhook, patient.Token),
                Channel.Robot robot => await http.SendAsync(message, target, robot, patient.Token),
                Channel.Email mail => await MailSending.SendAsync(message, target, mail, patient.Token),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Refusal("no answer in time");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Its message may name the address.
            return new Refusal($"a fault here: {fault.GetType().Name}");
        }
    }
}
