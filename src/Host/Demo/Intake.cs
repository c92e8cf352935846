using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>From receipt to acceptance.</summary>
internal static class Intake
{
    /// <summary>Plays it.</summary>
    /// <returns>When the work on it begins, and from when its limits count; null when it came to nothing.</returns>
    public static (Instant Accepted, Instant Counts)? Run(DemoCase one)
    {
        Receive(one, one.Kind);
        var (time, random) = (one.Time, one.Random);
        if (random.Chance(45) && !one.InPerson)
            return Withdraw(one, time.Later(one.ReceivedAt, random.Between(10, 200), random));
        if (one.Planted == Misconduct.SecondSupplement || (one.Item.Item.Materials.Count > 2 && random.Chance(one.InPerson ? 260 : 620)))
            return Supplement(one);
        // Once in a while an application from afar lies where nobody looks.
        if (one.Planted is null && !one.InPerson && random.Chance(25))
            return Accepted(one, time.Within(time.After(time.DayOf(one.ReceivedAt), random.Between(6, 9)), one.ReceivedAt, random), one.ReceivedAt);
        var at = Looked(one);
        return one.Planted is null && random.Chance(110) ? Refuse(one, at) : Accepted(one, at, null);
    }

    /// <summary>Reports the receipt, as of the kind it is entered as.</summary>
    public static void Receive(DemoCase one, CaseKind kind)
    {
        one.Add("case_received", one.ReceivedAt, json =>
        {
            json.WriteString("item", one.Item.Item.Id);
            if (kind != one.Item.Item.Kind)
                json.WriteString("kind", CodeOf(kind));
            json.WriteNumber("channel", (int)one.Channel);
            json.WriteString("window", one.Item.Window);
            if (one.InPerson)
                json.WriteString("staff", one.Staff);
        });
    }

    /// <summary>The code of a kind.</summary>
    public static string CodeOf(CaseKind kind) => kind switch { CaseKind.Instant => "instant", CaseKind.Commitment => "commitment", CaseKind.Answer => "answer", CaseKind.Joint => "joint", _ => "upward" };

    /// <summary>Reports an acceptance, and what is paid on it.</summary>
    /// <returns>When the work begins: nobody works on what is not paid.</returns>
    public static Instant Accept(DemoCase one, Instant at)
    {
        var longer = one.Planted == Misconduct.PromiseOverStatutory ? one.Item.StatutoryDays + one.Random.Between(2, 10) : 0;
        one.Add("case_accepted", at, json =>
        {
            if (one.Planted != Misconduct.NoDatedNotice)
                one.Notice("受", at)(json);
            if (longer > 0)
            {
                json.WriteStartObject("promised");
                json.WriteNumber("workingDays", longer);
                json.WriteEndObject();
            }
        }, longer > 0 ? Misconduct.PromiseOverStatutory : null);
        return Charge(one, at);
    }

    private static Instant Charge(DemoCase one, Instant at)
    {
        var free = one.Item.Item.Fee is null or { Yuan: 0 };
        if (free && one.Planted != Misconduct.FeeOnFreeItem)
            return at;
        var amount = free ? one.Random.Of(10m, 20m, 20m, 50m, 100m) : one.Item.Item.Fee!.Yuan;
        var paid = one.Time.Standing(at, one.Random.Between(20, 90));
        one.Add("case_fee_charged", paid, json =>
        {
            json.WriteString("amount", amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
            // Whoever takes what is not due writes something on the receipt, or writes none.
            if (!free || one.Random.Chance(6_000))
                json.WriteString("receipt", one.Paper(free ? "代" : "票"));
            json.WriteString("channel", one.InPerson ? "window" : "online");
        }, free ? Misconduct.FeeOnFreeItem : null);
        return paid;
    }

    // At a window while the applicant stands there; from afar when somebody gets to it.
    private static Instant Looked(DemoCase one)
    {
        var (time, random) = (one.Time, one.Random);
        if (one.InPerson)
            return time.Standing(one.ReceivedAt, random.Low(150, 1_800));
        var day = time.After(time.DayOf(one.ReceivedAt), random.Weighted([70, 21, 6, 2, 1]));
        return time.Within(day, one.ReceivedAt, random);
    }

    private static (Instant, Instant)? Accepted(DemoCase one, Instant at, Instant? counts) => (Accept(one, at), counts ?? at);

    private static (Instant, Instant)? Supplement(DemoCase one)
    {
        var (time, random, materials) = (one.Time, one.Random, one.Item.Item.Materials);
        // Few forget it until the law has taken the case for accepted.
        var forgotten = one.Planted is null && random.Chance(150);
        var asked = forgotten ? time.Within(time.After(time.DayOf(one.ReceivedAt), random.Between(6, 8)), one.ReceivedAt, random) : Looked(one);
        var first = random.Next(materials.Count);
        Ask(one, asked, materials[first], null);
        if (one.Planted is null && !forgotten && random.Chance(700))
        {
            var given = time.Within(time.After(time.DayOf(asked), random.Between(20, 30)), asked, random);
            one.Add("case_returned", given, json => json.WriteString("reason", "逾期未补正"));
            return null;
        }

        var arrived = Bring(one, asked, random.Chance(9_000));
        if (one.Planted == Misconduct.SecondSupplement)
        {
            // What was not thought of the first time, on the day the answer would be due.
            asked = time.Within(time.After(time.DayOf(arrived), random.Low(1, 4)), arrived, random);
            Ask(one, asked, materials[(first + 1) % materials.Count], Misconduct.SecondSupplement);
            arrived = Bring(one, asked, complete: true);
        }

        var at = time.Between(arrived, time.Close(time.After(time.DayOf(arrived), random.Low(0, Math.Min(2, one.Days - 1)))), random);
        return Accepted(one, at, forgotten ? one.ReceivedAt : arrived);
    }

    private static void Ask(DemoCase one, Instant at, string material, Misconduct? proof) => one.Add("case_supplement_requested", at, json =>
    {
        json.WriteStartArray("items");
        json.WriteStringValue(material);
        json.WriteEndArray();
        json.WriteBoolean("written", true);
        one.Notice(proof is null ? "补" : "再补", at)(json);
    }, proof);

    private static Instant Bring(DemoCase one, Instant asked, bool complete)
    {
        var (time, random) = (one.Time, one.Random);
        var arrived = time.Within(time.After(time.DayOf(asked), random.Low(1, 12)), asked, random);
        if (!complete)
        {
            one.Add("case_supplement_received", arrived, json => json.WriteBoolean("complete", false));
            arrived = time.Within(time.After(time.DayOf(arrived), random.Low(1, 6)), arrived, random);
        }

        one.Add("case_supplement_received", arrived, json => json.WriteBoolean("complete", true));
        return arrived;
    }

    private static (Instant, Instant)? Refuse(DemoCase one, Instant at)
    {
        var elsewhere = one.Random.Chance(3_500);
        one.Add("case_not_accepted", at, json =>
        {
            json.WriteString("reason", elsewhere ? "不属于本机关职权范围" : "依法不需要取得许可");
            if (elsewhere)
                json.WriteString("competentAgency", "上级主管部门");
            one.Notice("不受", at)(json);
        });
        return null;
    }

    private static (Instant, Instant)? Withdraw(DemoCase one, Instant at)
    {
        one.Add("case_withdrawn", at, json => json.WriteString("by", "applicant"));
        return null;
    }
}
