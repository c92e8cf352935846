using System.Text;
using System.Text.Json.Nodes;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Host;

/// <summary>Somebody who complains, told of in every way a sender has, and a search for what was told wherever it might have got to.</summary>
internal static class PlantedPerson
{
    public const string Centre = "vault-hall";

    /// <summary>Stands in a readable field, so that a search that finds nothing is known to look in the right place.</summary>
    public const string Control = "CONTROL-4711-见证";

    public const string Name = "欧阳娜-Zoë";

    public const string Phone = "13987654321";

    /// <summary>All that is to be found nowhere.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Name, Phone, "幸福路 99 号 4-302", "ouyang.na@example.org", "窗口人员态度恶劣 — très impoli", "秘书林黛玉的备注", "18612345678", "贾宝玉 was there"];

    /// <summary>The fields of an event, personal ones among them: known, unknown, nested and as a number.</summary>
    public static JsonObject Fields(params (string Name, JsonNode Value)[] open)
    {
        var fields = new JsonObject
        {
            ["person"] = new JsonObject { ["name"] = Name, ["phone"] = Phone, ["address"] = Secrets[2], ["email"] = Secrets[3] },
            ["text"] = Secrets[4],
            ["internalNote"] = Secrets[5],
            ["callback"] = new JsonObject { ["numbers"] = new JsonArray(JsonNode.Parse(Secrets[6]), 1.5), ["witnesses"] = new JsonArray(new JsonObject { ["who"] = Secrets[7] }) },
        };
        foreach (var (name, value) in open)
            fields[name] = value;
        return fields;
    }

    public static JsonObject Registered(string complaint, string? id = null) =>
        Event("complaint_registered", $"complaint/{complaint}", Fields(("channel", "phone"), ("category", "attitude"), ("case", Control)), id);

    public static JsonObject Event(string type, string subject, JsonObject data, string? id = null, int minute = 0)
    {
        var sent = TestServer.Event(type, subject, $"2026-03-17T10:{minute:00}:00+08:00", data, id);
        sent["centre"] = Centre;
        return sent;
    }

    /// <summary>A folder with the catalogue of a centre that takes complaints, and a webhook that turns a form into one.</summary>
    public static string Catalogues()
    {
        var folder = TestFolders.New();
        File.WriteAllText(Path.Combine(folder, "vault-hall.yaml"), $$"""
            version: "1"
            effectiveFrom: 2020-01-01
            centre: { id: {{Centre}}, names: { zh: 投诉大厅, en: Complaint hall }, calendar: cn }
            calendars: { cn: {{Path.Combine(CatalogueFiles.Folder, "calendars", "cn.yaml")}} }
            items:
              - { id: licence, names: { zh: 许可, en: Licence }, kind: commitment, promised: { workingDays: 5 } }
            complaintCategories:
              - { id: attitude, names: { zh: 服务态度, en: Attitude } }
            commitments:
              - { id: case.promised, names: { zh: 承诺, en: Promised }, start: case_received, stop: { any: [case_decided] }, limit: item.promised }
            """);
        Directory.CreateDirectory(Path.Combine(folder, "webhooks"));
        File.WriteAllText(Path.Combine(folder, "webhooks", "form.yaml"), $$"""
            format: json
            centre: {{Centre}}
            source: form
            stream: complaint
            case: "{number}"
            events:
              - { type: complaint_review_requested, at: at, id: review, data: { text: { from: text }, phone: { from: phone } } }
            """);
        return folder;
    }

    /// <summary>The first secret that bytes tell, in any of the forms a program writes text in; null: none.</summary>
    public static string? FindIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var (secret, form) in Forms)
        {
            if (bytes.IndexOf(form) >= 0)
                return secret;
        }

        return null;
    }

    /// <inheritdoc cref="FindIn(ReadOnlySpan{byte})"/>
    public static string? FindIn(string text) => FindIn(Encoding.UTF8.GetBytes(text));

    private static IReadOnlyList<(string Secret, byte[] Form)> Forms { get; } = [.. Secrets.SelectMany(s => FormsOf(s).Select(f => (s, f)))];

    private static IEnumerable<byte[]> FormsOf(string secret)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        string[] texts = [secret, Uri.EscapeDataString(secret), Escaped(secret, "\\u{0:x4}", ""), Escaped(secret, "\\u{0:X4}", ""), Escaped(secret, "&#x{0:X}", ";"), Convert.ToHexStringLower(utf8)];
        foreach (var text in texts.Distinct())
            yield return Encoding.UTF8.GetBytes(text);
        yield return Encoding.Unicode.GetBytes(secret);
        yield return Encoding.BigEndianUnicode.GetBytes(secret);
        for (var before = 0; before < 3; before++)
            yield return Encoding.ASCII.GetBytes(InsideBase64(utf8, before));
    }

    /// <summary>What stands of bytes in base64 whatever comes before and after, when so many bytes come before.</summary>
    private static string InsideBase64(byte[] bytes, int before)
    {
        var whole = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
        var (from, to) = ((before * 8 + 5) / 6, (before + bytes.Length) * 8 / 6);
        return whole[from..to];
    }

    private static string Escaped(string text, string form, string end) =>
        string.Concat(text.Select(c => c < 128 ? c.ToString() : string.Format(System.Globalization.CultureInfo.InvariantCulture, form, (int)c) + end));
}
