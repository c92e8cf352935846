using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Notifications;

/// <summary>A notice as it is sent: with the names of what it is about, and nothing about people.</summary>
/// <param name="Id">What its receiver knows it by.</param>
/// <param name="Centre">The centre.</param>
/// <param name="CentreNames">What people call it.</param>
/// <param name="Notice">What the log says.</param>
/// <param name="CommitmentNames">What people call the commitment.</param>
/// <param name="Service">The item, IT service or category of complaints concerned; null: not known.</param>
/// <param name="ServiceNames">What people call it.</param>
/// <param name="Window">The window; null: none.</param>
/// <param name="WindowNames">What people call it.</param>
/// <param name="Zone">The centre's.</param>
/// <param name="Link">Its page; null: nobody said where the pages are.</param>
internal sealed record NotificationMessage(
    Guid Id, string Centre, Names CentreNames, ClockNotice Notice, Names CommitmentNames, string? Service, Names? ServiceNames, string? Window, Names? WindowNames, DateTimeZone Zone, Uri? Link)
{
    /// <summary>It is about nothing that happened; somebody tries whether it arrives.</summary>
    public bool IsTest { get; init; }

    /// <summary>What the clock runs on.</summary>
    public StreamKind Kind => StreamKinds.Of(Notice.Clock.Stream) ?? StreamKind.Case;

    /// <summary>Its number.</summary>
    public string Number => PageFrame.StreamLabel(Notice.Clock.Stream);

    /// <summary>The stored name of the notice.</summary>
    public string Type => NoticeWords.TypeOf(Notice.Kind);

    /// <summary>How long it was until due when this was decided; less than nothing: how long due had passed; null: there is no due.</summary>
    public Duration? Left => Notice.DueAt is { } due ? due - Notice.ToldAt : null;

    /// <summary>A message that says that it is a test.</summary>
    public static NotificationMessage Test(Instant now, Uri? publicUrl) => new(
        Guid.NewGuid(), "test", new Names("测试中心", "Test centre"),
        new ClockNotice(new ClockId("case/TEST-1", "test", "", 1), NoticeKind.Breached, "breached", 1, now, now, now, null, null),
        new Names("测试时限", "Test limit"), "test", new Names("测试事项", "Test service"), null, null, DateTimeZone.Utc, publicUrl)
    {
        IsTest = true,
    };
}
