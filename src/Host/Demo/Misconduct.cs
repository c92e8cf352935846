namespace SlaMonitor.Host.Demo;

/// <summary>What people do to a figure instead of to the work behind it. Planted in few cases and kept in a list, so that whoever looks for it can be told what was missed.</summary>
internal enum Misconduct
{
    /// <summary>Accepted, and no dated notice was ever given out.</summary>
    NoDatedNotice,

    /// <summary>Asked for other papers after those asked for had come.</summary>
    SecondSupplement,

    /// <summary>Overdue, and the reason was not told in time.</summary>
    DelayNotExplained,

    /// <summary>Closed in time and worked on afterwards.</summary>
    ClosedButWorkedOn,

    /// <summary>Closed in time, the certificate handed out long after.</summary>
    ClosedBeforeDelivery,

    /// <summary>Closed when due and reopened as soon as nobody counted.</summary>
    ReopenedQuietly,

    /// <summary>Closed as done without any document of a decision.</summary>
    ClosedWithoutDocument,

    /// <summary>Decided late, and the decision dated to before due.</summary>
    BackdatedDecision,

    /// <summary>Prolonged after due, on a paper dated before it.</summary>
    BackdatedExtension,

    /// <summary>Entered as done at once, what has a limit in days.</summary>
    InstantInsteadOfCommitment,

    /// <summary>Entered as a question answered, what has a limit in days.</summary>
    AnswerInsteadOfCommitment,

    /// <summary>Sent to a superior who has no say in it.</summary>
    NeedlessUpward,

    /// <summary>Sent upward, and nobody asked after it.</summary>
    NoFollowUp,

    /// <summary>A branch of a joint case left lying before it was handed over.</summary>
    LateHandOver,

    /// <summary>Prolonged after it had fallen due.</summary>
    ExtensionAfterDue,

    /// <summary>A special procedure begun after it had fallen due.</summary>
    PauseAfterDue,

    /// <summary>A special procedure that went on far beyond what was granted.</summary>
    PauseOverlong,

    /// <summary>A special procedure the applicant was not told of in writing.</summary>
    PauseWithoutNotice,

    /// <summary>A special procedure that stood until the minute of closing.</summary>
    PauseEndedAtClosing,

    /// <summary>Written off as withdrawn or given back when it was about to fall due.</summary>
    VoidBeforeDue,

    /// <summary>A promise longer than the law allows.</summary>
    PromiseOverStatutory,

    /// <summary>Money taken for what is free.</summary>
    FeeOnFreeItem,
}
