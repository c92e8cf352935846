using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Notifications;

/// <summary>Makes the message of an outbox row: the notice of the log, the names of the centre's catalogues.</summary>
internal sealed class MessageReading(NpgsqlDataSource dataSource, Centres centres, Uri? publicUrl)
{
    /// <summary>The message; null when the notice cannot be read, or its centre's catalogue.</summary>
    public async Task<NotificationMessage?> ReadAsync(Claimed row, CancellationToken ct)
    {
        if (await NoticeAsync(row, ct) is not { } notice || await centres.CatalogueOfAsync(row.Centre, ct) is not { Newest: { } newest } log)
            return null;
        // What a later version took out is still called what it was.
        return new NotificationMessage(
            row.Id, row.Centre, newest.CentreNames, notice, Find(log, c => c.Commitments.FirstOrDefault(d => d.Id == notice.Clock.Commitment)?.Names) ?? new Names(notice.Clock.Commitment, notice.Clock.Commitment),
            row.Item, row.Item is { } item ? Find(log, c => ServiceOf(c, item)) : null, row.Window, row.Window is { } window ? Find(log, c => c.Windows.GetValueOrDefault(window)) : null,
            newest.Zone, LinkTo(row.Centre, notice.Clock.Stream));
    }

    private async Task<ClockNotice?> NoticeAsync(Claimed row, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT type, data FROM public.mt_events WHERE id = $1");
        select.Parameters.Add(new() { Value = row.EventId });
        await using var reader = await select.ExecuteReaderAsync(ct);
        try
        {
            return await reader.ReadAsync(ct) ? NoticeJson.Read(reader.GetString(0), row.EventId, reader.GetFieldValue<byte[]>(1)) : null;
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    private static Names? Find(CatalogueLog log, Func<Catalogue, Names?> names) => log.Versions.Reverse().Select(names).FirstOrDefault(n => n is not null);

    private static Names? ServiceOf(Catalogue catalogue, string id) =>
        catalogue.Items.GetValueOrDefault(id)?.Names ?? catalogue.Services.GetValueOrDefault(id)?.Names ?? catalogue.ComplaintCategories.GetValueOrDefault(id)?.Names;

    private Uri? LinkTo(string centre, string stream)
    {
        if (publicUrl is null)
            return null;
        var (id, place) = (Uri.EscapeDataString(PageFrame.StreamLabel(stream)), Uri.EscapeDataString(centre));
        var path = StreamKinds.Of(stream) switch
        {
            StreamKind.Outage => $"board/outages/{id}?centre={place}",
            StreamKind.Complaint => $"board/complaints/{id}?centre={place}",
            _ => $"view/{place}/{id}",
        };
        return new Uri($"{publicUrl.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
