using System.Collections.Frozen;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Demo;

/// <summary>An item with what the hall's people know of it.</summary>
/// <param name="Item">As published.</param>
/// <param name="Window">Who handles it.</param>
/// <param name="Staff">The people of that window, the quick ones first.</param>
/// <param name="Weight">How much it is asked for, of about a thousand.</param>
/// <param name="Mistaken">The item people take it for; null: none.</param>
internal sealed record HallItem(ServiceItem Item, string Window, string[] Staff, int Weight, string? Mistaken)
{
    private const int OfUnknown = 3;

    private static readonly FrozenDictionary<string, int> Weights = new Dictionary<string, int>
    {
        ["insurance-certificate"] = 125,
        ["driver-licence-renewal"] = 88,
        ["household-certificate"] = 68,
        ["flexible-worker-insurance"] = 64,
        ["pension-eligibility"] = 56,
        ["company-file-query"] = 42,
        ["marriage-registration"] = 38,
        ["birth-service-registration"] = 28,
        ["residence-permit"] = 82,
        ["passport"] = 76,
        ["residential-property-transfer"] = 72,
        ["business-licence"] = 60,
        ["business-licence-change"] = 54,
        ["food-business-licence"] = 32,
        ["road-freight-licence"] = 20,
        ["nurse-registration"] = 22,
        ["physician-registration"] = 18,
        ["public-place-hygiene"] = 16,
        ["special-equipment-registration"] = 9,
        ["construction-permit"] = 9,
        ["drainage-permit"] = 8,
        ["drug-retail-licence"] = 6,
        ["clinic-licence"] = 5,
        ["property-presale"] = 5,
        ["open-restaurant"] = 20,
        ["joint-completion-acceptance"] = 7,
        ["open-hotel"] = 4,
        ["construction-project-approval"] = 4,
        ["prohibited-business-answer"] = 9,
        ["household-transfer-answer"] = 9,
        ["lawyer-licence"] = 9,
    }.ToFrozenDictionary();

    // Booklets, cards with a chip or a photograph, a title that is written out, a mark that is fixed to a machine. Other certificates
    // of these agencies are issued as files that count like the paper.
    private static readonly FrozenSet<string> OnPaper = FrozenSet.Create(
        StringComparer.Ordinal, "passport", "residence-permit", "driver-licence-renewal", "marriage-registration", "residential-property-transfer", "lawyer-licence", "special-equipment-registration");

    /// <summary>Days promised; 0: at once.</summary>
    public int PromisedDays { get; } = Item.Promised?.For(Item.Kind, null) is Limit.WorkingDays promised ? promised.Count : 0;

    /// <summary>Days the law allows; 0: it names none.</summary>
    public int StatutoryDays { get; } = Item.Statutory?.For(Item.Kind, null) is Limit.WorkingDays statutory ? statutory.Count : 0;

    /// <summary>True when it can be asked for at a window.</summary>
    public bool AtWindow { get; } = Item.Channels.Count == 0 || Item.Channels.Contains(Channel.Window);

    /// <summary>The ways to ask for it from afar.</summary>
    public Channel[] FromAfar { get; } = [.. Item.Channels.Where(c => c != Channel.Window)];

    /// <summary>True when what is handed out is paper or a card and nothing else.</summary>
    public bool PaperOnly { get; } = OnPaper.Contains(Item.Id);

    /// <summary>What its procedure may wait for; null: nothing that stops a clock.</summary>
    public string? PauseCause { get; } = CauseOf(Item);

    /// <summary>The items of a catalogue, in an order of their own.</summary>
    public static HallItem[] Of(Catalogue catalogue) =>
    [
        .. from item in catalogue.Items.Values.OrderBy(i => i.Id, StringComparer.Ordinal)
           let window = WindowOf(item)
           let staff = catalogue.Staff.Where(s => s.Value == window).Select(s => s.Key).Order(StringComparer.Ordinal).ToArray()
           select new HallItem(item, window, staff.Length > 0 ? staff : [$"{window}-01"], Weights.GetValueOrDefault(item.Id, OfUnknown), item.Id == "business-licence-change" && catalogue.Items.ContainsKey("business-licence") ? "business-licence" : null),
    ];

    /// <summary>How much it is asked for in a month, of a hundred.</summary>
    public int SeasonOf(int month) => (Item.Id, month) switch
    {
        // Those who have finished school move, insure themselves and begin to work.
        ("residence-permit" or "flexible-worker-insurance" or "household-transfer-answer", 6 or 7) => 175,
        ("nurse-registration" or "physician-registration", 7 or 8) => 170,
        // Before the long holidays people travel.
        ("passport", 1 or 6 or 7 or 9) => 140,
        ("marriage-registration", 2 or 5 or 10) => 145,
        ("pension-eligibility", 1 or 3 or 4) => 150,
        ("open-restaurant" or "food-business-licence", 3 or 4 or 9) => 130,
        ("business-licence" or "business-licence-change", 3 or 12) => 125,
        _ => 100,
    };

    private static string WindowOf(ServiceItem item) => item.Department switch
    {
        "市场监督管理局" => "W1",
        "卫生健康委员会" => "W2",
        "公安局" => "W3",
        "住房和城乡建设局" => "W4",
        "人力资源和社会保障局" => "W5",
        _ => "W6",
    };

    private static string? CauseOf(ServiceItem item) =>
        item.Procedure.Contains("听证") ? "hearing" : item.Procedure.Contains("检测") ? "testing" : item.Procedure.Contains("专家评审") ? "expert-review"
        : item.Procedure.Contains("现场核查") || item.Procedure.Contains("联合踏勘") ? "inspection" : null;
}
