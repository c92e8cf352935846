using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Pages;

/// <summary>What happened and what contradicts, as people say it.</summary>
internal sealed partial record PageLanguage
{
    /// <summary>The type of an event; a type that is not ours stays as it is.</summary>
    public string Event(string type) => type switch
    {
        "case_received" => Of("收件", "received"),
        "case_supplement_requested" => Of("通知补正", "supplement requested"),
        "case_supplement_received" => Of("收到补正材料", "supplement received"),
        "case_not_accepted" => Of("不予受理", "not accepted"),
        "case_accepted" => Of("受理", "accepted"),
        "case_notice_issued" => Of("出具文书", "notice issued"),
        "case_kind_changed" => Of("变更办件类型", "kind changed"),
        "case_item_changed" => Of("变更事项", "service changed"),
        "case_priority_changed" => Of("变更优先级", "priority changed"),
        "case_reassigned" => Of("转办", "reassigned"),
        "case_stage_entered" => Of("进入环节", "stage entered"),
        "case_tolerance_granted" => Of("容缺受理", "papers may follow"),
        "case_tolerance_met" => Of("容缺材料补齐", "missing papers handed in"),
        "case_special_procedure_started" => Of("特别程序开始", "special procedure begun"),
        "case_special_procedure_ended" => Of("特别程序结束", "special procedure ended"),
        "case_extension_granted" => Of("批准延期", "extension granted"),
        "case_branch_opened" => Of("分支启动", "branch opened"),
        "case_branch_handed_over" => Of("分支移交", "branch handed over"),
        "case_branch_done" => Of("分支办结", "branch done"),
        "case_sent_upward" => Of("上报", "sent upward"),
        "case_superior_contacted" => Of("联系上级", "superior contacted"),
        "case_returned_from_above" => Of("上级批复", "returned from above"),
        "case_fee_charged" => Of("收费", "fee charged"),
        "case_applicant_contacted" => Of("联系申请人", "applicant contacted"),
        "case_delay_explained" => Of("说明超期原因", "delay explained"),
        "case_decided" => Of("作出决定", "decided"),
        "case_applicant_notified" => Of("告知申请人", "applicant notified"),
        "case_closed" => Of("办结", "closed"),
        "case_delivered" => Of("送达", "delivered"),
        "case_withdrawn" => Of("申请人撤回", "withdrawn"),
        "case_returned" => Of("退件", "returned"),
        "case_reopened" => Of("重新办理", "reopened"),
        "case_rated" => Of("评价", "rated"),
        "case_rating_rectified" => Of("差评整改完成", "bad rating put right"),
        "case_rating_voided" => Of("评价不予采信", "ratings voided"),
        "complaint_registered" => Of("投诉登记", "complaint registered"),
        "complaint_transferred" => Of("转办", "handed on"),
        "complaint_extension_granted" => Of("批准延期", "extension granted"),
        "complaint_responded" => Of("提出处理意见", "answered"),
        "complaint_fed_back" => Of("反馈投诉人", "complainant told"),
        "complaint_review_requested" => Of("要求重新核实", "review asked for"),
        "complaint_reviewed" => Of("重新核实", "reviewed"),
        "complaint_substantiated" => Of("查实", "substantiated"),
        "complaint_unsubstantiated" => Of("不属实", "not substantiated"),
        "complaint_reversed" => Of("撤销认定", "finding reversed"),
        "complaint_closed" => Of("投诉办结", "complaint closed"),
        "complaint_revisited" => Of("回访", "revisited"),
        "outage_started" => Of("服务中断", "service lost"),
        "outage_impact_changed" => Of("影响变化", "impact changed"),
        "outage_restored" => Of("服务恢复", "service restored"),
        "outage_voided" => Of("判定为误报", "was none"),
        "exclusion_proposed" => Of("申请排除", "exclusion proposed"),
        "exclusion_approved" => Of("批准排除", "exclusion approved"),
        "exclusion_refused" => Of("不批准排除", "exclusion refused"),
        "exclusion_revoked" => Of("撤销排除", "exclusion revoked"),
        _ => type,
    };

    /// <summary>The little that a page says of what an event is about: codes and limits, nothing a person wrote.</summary>
    public string About(CaseEvent fact, Func<string?, string> item) => fact switch
    {
        CaseEvent.Received e => item(e.Item),
        CaseEvent.ItemChanged e => item(e.To),
        CaseEvent.StageEntered e => e.Stage,
        CaseEvent.Reassigned e => string.Join(" · ", new[] { e.Window, e.Staff }.OfType<string>()),
        CaseEvent.SpecialProcedureStarted e => $"{e.Procedure}: {e.Cause}" + (e.Granted is { } granted ? $" ({LimitText(granted)})" : ""),
        CaseEvent.SpecialProcedureEnded e => e.Procedure,
        CaseEvent.ExtensionGranted e => "+ " + LimitText(e.Add),
        CaseEvent.BranchOpened e => e.Branch,
        CaseEvent.BranchHandedOver e => e.Branch,
        CaseEvent.BranchDone e => e.Branch,
        CaseEvent.Decided e => e.Outcome switch
        {
            Outcome.Approved => Of("准予", "approved"),
            Outcome.Denied => Of("不予许可", "denied"),
            Outcome.Answered => Of("已答复", "answered"),
            Outcome.Resolved => Of("已解决", "resolved"),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        CaseEvent.Rated e => e.Defaulted ? Of("默认评价", "by default") : Of($"{e.Score} 级（1 最好）", $"{e.Score} (1 is best)"),
        _ => "",
    };

    /// <summary>A class of commitments that is past due.</summary>
    public string Of(CommitmentClass of) => of switch
    {
        CommitmentClass.Promised => Of("承诺时限", "promised limits"),
        CommitmentClass.Statutory => Of("法定时限", "statutory limits"),
        CommitmentClass.Step => Of("其他环节", "other steps"),
        CommitmentClass.Complaint => Of("投诉时限", "limits of complaints"),
        CommitmentClass.Owed => Of("超期说明", "explanations of overruns"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A contradiction in a sentence.</summary>
    public string Text(AnomalyKind kind) => kind switch
    {
        AnomalyKind.SecondStart => Of("未停止又再次起算；以第一次为准。", "Started again without a stop between; the first start counts."),
        AnomalyKind.StopBeforeStart => Of("停止早于起算；按期，已用为零。", "Stopped before it started; met, with nothing used."),
        AnomalyKind.VoidBeforeStart => Of("起算之前已终止。", "Ended before it started."),
        AnomalyKind.SecondPause => Of("同一特别程序重复开始；以第一次为准。", "The same procedure began twice; the first counts."),
        AnomalyKind.EndWithoutPause => Of("特别程序未开始即结束；无效。", "A procedure ended that had not begun; without effect."),
        AnomalyKind.ExtensionAfterDue => Of("到期之后才延长；无效。", "Extended after it was due; without effect."),
        AnomalyKind.ExtensionInOtherUnit => Of("延长单位与时限不同；无效。", "Extended in another unit than the limit; without effect."),
        AnomalyKind.ExtensionOverCap => Of("延长超过上限；超出部分无效。", "Extended beyond the cap; the excess has no effect."),
        AnomalyKind.ExtensionNotApproved => Of("延长的批准人不符合目录要求；无效。", "Extended by somebody else than the catalogue asks for; without effect."),
        AnomalyKind.SuspectedBackdating => Of("延长日期在到期之前，而记录在到期之后：疑似倒签。", "An extension dated before due was recorded after it: suspected backdating."),
        AnomalyKind.ExtensionAfterEnd => Of("办件结束之后才延长；无效。", "Extended after the matter had ended; without effect."),
        AnomalyKind.StopWithoutStart => Of("已停止而从未起算。", "Stopped without ever having started."),
        AnomalyKind.ActAfterDeemedAcceptance => Of("视为受理之后才作受理处理；不改变视为受理。", "Something was done about acceptance after the case was deemed accepted; it does not undo that."),
        AnomalyKind.NoLimit => Of("事件未带约定的时限。", "The event does not carry the limit it should."),
        AnomalyKind.ChangeOutsideOutage => Of("中断之外报告影响变化；无效。", "A change of impact was told while nothing was lost; without effect."),
        AnomalyKind.SecondDecision => Of("未撤销原认定又作出不同认定；以第一次为准。", "Decided otherwise without reversing what was decided before; the first counts."),
        AnomalyKind.ReversalWithoutDecision => Of("尚无认定即撤销；无效。", "A finding was reversed that had not been made; without effect."),
        AnomalyKind.OccurredInFuture => Of("发生时间晚于记录时间。", "Dated after it was recorded."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A contradiction in two or three words.</summary>
    public string Name(AnomalyKind kind) => kind switch
    {
        AnomalyKind.SecondStart => Of("重复起算", "second start"),
        AnomalyKind.StopBeforeStart => Of("停止早于起算", "stop before start"),
        AnomalyKind.VoidBeforeStart => Of("终止早于起算", "ended before start"),
        AnomalyKind.SecondPause => Of("重复暂停", "second pause"),
        AnomalyKind.EndWithoutPause => Of("未暂停而恢复", "end without pause"),
        AnomalyKind.ExtensionAfterDue => Of("到期后延期", "extension after due"),
        AnomalyKind.ExtensionInOtherUnit => Of("延期单位不符", "extension in another unit"),
        AnomalyKind.ExtensionOverCap => Of("延期超上限", "extension over the cap"),
        AnomalyKind.ExtensionNotApproved => Of("延期未经有权人批准", "extension not approved"),
        AnomalyKind.SuspectedBackdating => Of("疑似倒签", "suspected backdating"),
        AnomalyKind.ExtensionAfterEnd => Of("结束后延期", "extension after the end"),
        AnomalyKind.StopWithoutStart => Of("未起算而停止", "stop without start"),
        AnomalyKind.ActAfterDeemedAcceptance => Of("视为受理后再作受理", "act after deemed acceptance"),
        AnomalyKind.NoLimit => Of("缺少时限", "no limit"),
        AnomalyKind.ChangeOutsideOutage => Of("中断外的影响变化", "change outside an outage"),
        AnomalyKind.SecondDecision => Of("重复认定", "second decision"),
        AnomalyKind.ReversalWithoutDecision => Of("无认定而撤销", "reversal without decision"),
        AnomalyKind.OccurredInFuture => Of("发生晚于记录", "dated in the future"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
