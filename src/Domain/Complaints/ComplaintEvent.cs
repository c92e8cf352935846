using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Complaints;

/// <summary>
/// A fact about a complaint (投诉), reported from outside and never refused. Who complained, and whatever anybody wrote about it, is in the
/// vault and not here.
/// </summary>
public abstract record ComplaintEvent : StreamEvent
{
    private ComplaintEvent()
    {
    }

    /// <summary>It was taken down (登记). Case: the number of the case it is about; window and staff: who is complained of.</summary>
    public sealed record Registered(ComplaintChannel Channel, string Category, string? Case, string? Window, string? Staff) : ComplaintEvent;

    /// <summary>It was handed to whoever deals with it (转办).</summary>
    public sealed record Transferred(string To) : ComplaintEvent;

    /// <summary>The limit was prolonged (延长) with an approver; the reason is in the vault.</summary>
    public sealed record ExtensionGranted(Limit Add, string Approver) : ComplaintEvent
    {
        /// <inheritdoc/>
        internal override GrantedExtension? Prolongs => new GrantedExtension(Add, null, Approver);
    }

    /// <summary>Whoever deals with it proposed what to do (处理意见). Copied: the centre was sent a copy (抄报中心备查); null: not said.</summary>
    public sealed record Responded(bool? Copied) : ComplaintEvent;

    /// <summary>The complainant was told (反馈).</summary>
    public sealed record FedBack : ComplaintEvent;

    /// <summary>The complainant does not accept it, and asks to have it looked at again (重新核实).</summary>
    public sealed record ReviewRequested : ComplaintEvent;

    /// <summary>It was looked at again.</summary>
    public sealed record Reviewed : ComplaintEvent;

    /// <summary>It is true (查实). Window and staff: who is responsible, as far as another than was complained of.</summary>
    public sealed record Substantiated(string? Window, string? Staff) : ComplaintEvent;

    /// <summary>It is not true, or cannot be shown to be.</summary>
    public sealed record Unsubstantiated : ComplaintEvent;

    /// <summary>What was decided last is taken back, and with it all that followed from it.</summary>
    public sealed record Reversed : ComplaintEvent
    {
        /// <inheritdoc/>
        internal override bool TakesBack => true;
    }

    /// <summary>It is done with (办结).</summary>
    public sealed record Closed : ComplaintEvent;

    /// <summary>The complainant was asked afterwards (回访).</summary>
    public sealed record Revisited(bool Satisfied) : ComplaintEvent;
}

/// <summary>How a complaint came.</summary>
public enum ComplaintChannel
{
    /// <summary>In person (现场).</summary>
    InPerson,

    /// <summary>By phone.</summary>
    Phone,

    /// <summary>By letter (信函).</summary>
    Letter,

    /// <summary>In the opinion box (意见箱).</summary>
    Box,

    /// <summary>On the web or by mobile.</summary>
    Online,

    /// <summary>By a public hotline such as 12345.</summary>
    Hotline,

    /// <summary>Of a bad rating (差评).</summary>
    Rating,

    /// <summary>By petition (信访).</summary>
    Petition,

    /// <summary>In the media.</summary>
    Media,

    /// <summary>Any other.</summary>
    Other,
}
