namespace SlaMonitor.Domain.Cases;

/// <summary>Kinds of case (办件类型).</summary>
public enum CaseKind
{
    /// <summary>即办件: done at once.</summary>
    Instant,

    /// <summary>承诺件: within a promised limit.</summary>
    Commitment,

    /// <summary>答复件: answered with a refusal.</summary>
    Answer,

    /// <summary>联办件: several agencies.</summary>
    Joint,

    /// <summary>报批件: decided above.</summary>
    Upward,
}

/// <summary>Channels by their national code.</summary>
public enum Channel
{
    /// <summary>At a window.</summary>
    Window = 1,

    /// <summary>On the web.</summary>
    Pc = 2,

    /// <summary>By mobile.</summary>
    Mobile = 3,

    /// <summary>By courier or post.</summary>
    Courier = 4,

    /// <summary>Any other.</summary>
    Other = 9,
}

/// <summary>Kinds of notice an applicant is given (文书).</summary>
public enum DocumentKind
{
    /// <summary>受理通知书.</summary>
    Acceptance,

    /// <summary>不予受理通知书.</summary>
    NonAcceptance,

    /// <summary>材料补齐通知书.</summary>
    Supplement,

    /// <summary>特别程序告知书.</summary>
    Pause,

    /// <summary>延期告知书.</summary>
    Extension,

    /// <summary>准予许可决定书.</summary>
    Approval,

    /// <summary>不予许可决定书.</summary>
    Denial,
}

/// <summary>How a case was decided.</summary>
public enum Outcome
{
    /// <summary>Granted.</summary>
    Approved,

    /// <summary>Refused after review (不予许可).</summary>
    Denied,

    /// <summary>Answered.</summary>
    Answered,

    /// <summary>Resolved.</summary>
    Resolved,
}
