using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>What applicants say of a case, and what the hall does when they are not content (差评).</summary>
internal static class RatingHabits
{
    private static readonly int[] Content = [70, 22, 5, 2, 1];
    private static readonly int[] Kept = [33, 28, 19, 12, 8];

    /// <summary>Asks for a rating; most give none, and what a device takes for an answer after a while is no answer.</summary>
    public static void Ask(DemoCase one, Instant closed)
    {
        var random = one.Random;
        if (!random.Chance(one.InPerson ? 4_200 : 2_900))
            return;
        var defaulted = random.Chance(1_200);
        var score = defaulted ? 1 : random.Weighted(one.CameLate ? Kept : Content) + 1;
        var at = one.InPerson ? closed + Duration.FromSeconds(random.Between(10, 200)) : closed + Duration.FromMinutes(random.Low(3, 4_000));
        Report(one, score, at, defaulted);
        if (!defaulted)
            one.Rating = (score, at);
    }

    /// <summary>Calls whoever gave a bad one, and puts right what can be; some are forgotten for weeks, and some were a mistake.</summary>
    public static void Answer(DemoCase one)
    {
        if (one.Rating is not ( > CaseRatings.WorstOfGood, var rated))
            return;
        var (time, random) = (one.Time, one.Random);
        one.Automatic = false;
        var (done, forgotten) = (rated, random.Chance(1_300));
        if (!forgotten)
        {
            // A day is what Zhejiang gives.
            done = time.Within(time.After(time.DayOf(rated), random.Chance(8_500) ? random.Between(0, 1) : random.Between(2, 5)), rated, random);
            one.Add("case_applicant_contacted", done, json => json.WriteString("by", "supervision"));
        }

        if (!forgotten && random.Chance(1_100))
            Void(one, time.Within(time.After(time.DayOf(done), random.Low(0, 4)), done, random));
        else
            Mend(one, time.Within(time.After(time.DayOf(done), forgotten || random.Chance(1_000) ? random.Between(12, 35) : random.Low(1, 9)), done, random));
    }

    private static void Void(DemoCase one, Instant at) => one.Add("case_rating_voided", at, json =>
    {
        json.WriteString("approver", "centre-head");
        json.WriteString("reason", one.Random.Of("申请人误点，电话确认满意", "与本次办件无关", "同一人恶意重复评价"));
    });

    private static void Mend(DemoCase one, Instant at)
    {
        one.Add("case_rating_rectified", at, json => json.WriteString("result", one.Random.Of("已向申请人致歉并说明原因", "已重新告知办理流程", "已补办并送达", "窗口已整改，增设引导人员", "对经办人员批评教育")));
        if (one.Random.Chance(3_500))
            Report(one, one.Random.Weighted([20, 50, 30]) + 1, at + Duration.FromMinutes(one.Random.Low(5, 3_000)), defaulted: false);
    }

    private static void Report(DemoCase one, int score, Instant at, bool defaulted) => one.Add("case_rated", at, json =>
    {
        json.WriteNumber("score", score);
        json.WriteNumber("channel", (int)one.Channel);
        if (defaulted)
            json.WriteBoolean("defaulted", true);
        else
            Say(json, score > CaseRatings.WorstOfGood, one.Random);
    });

    private static void Say(Utf8JsonWriter json, bool bad, DemoRandom random)
    {
        if (!random.Chance(bad ? 6_000 : 800))
            return;
        json.WriteString("text", bad
            ? random.Of("等了太久", "让我跑了三趟", "材料清单和网上写的不一样", "工作人员说话不耐烦", "电话一直没人接", "系统老是报错")
            : random.Of("很好", "办得快", "工作人员很耐心", "一次就办好了", "希望能多开一个窗口"));
        if (!bad || !random.Chance(2_500))
            return;
        json.WriteStartObject("person");
        MadeUpPerson.Of(random).Write(json);
        json.WriteEndObject();
    }
}
