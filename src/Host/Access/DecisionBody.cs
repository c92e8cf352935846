using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Domain;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Host.Access;

/// <summary>What the body of a request that decides something may hold. Each deciding route has one, and answers with it when the body cannot be used.</summary>
/// <param name="What">What the body asks for, as its faults are headed: <c>recalculation</c>.</param>
/// <param name="Done">What is not done when it has faults, after "Nothing was": <c>ordered</c>.</param>
/// <param name="Fields">Its fields; any other is a fault.</param>
internal sealed record DecisionBody(string What, string Done, params string[] Fields)
{
    /// <summary>Reads the body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="read">Makes of the fields what is asked for, and notes what is wrong with them. It keeps none of the JSON, which is gone afterwards.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>What is asked for, or the answer that refuses it.</returns>
    public async Task<(T? Asked, ProblemHttpResult? Refused)> ReadAsync<T>(HttpRequest http, Func<JsonFields, T> read, CancellationToken ct)
        where T : class
    {
        // A page of elsewhere can have a browser send a plain text without being asked, but not this.
        if (!http.HasJsonContentType())
            return (null, TypedResults.Problem("Content-Type must be application/json.", statusCode: 415));
        List<Fault> faults = [];
        T? asked = null;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Body, cancellationToken: ct);
            Storable.Check(body.RootElement, "", faults);
            if (faults.Count == 0)
                asked = Read(new JsonFields(body.RootElement, faults), read);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(whole)", Storable.Malformed(malformed)));
        }

        return faults.Count > 0 ? (null, Refused(faults)) : (asked, null);
    }

    /// <summary>The answer that names what cannot be used of the body.</summary>
    public ProblemHttpResult Refused(params IReadOnlyList<Fault> faults) => TypedResults.Problem(
        $"Nothing was {Done}. {string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"))}.", statusCode: 400, title: $"Bad {What}", extensions: new Dictionary<string, object?> { ["errors"] = faults });

    private T? Read<T>(JsonFields fields, Func<JsonFields, T> read)
        where T : class
    {
        // What is no object has no fields to speak of.
        if (fields.Faults.Count > 0)
            return null;
        fields.RefuseOthers(Fields);
        return read(fields);
    }
}

/// <summary>Fields that the bodies of decisions have in common.</summary>
internal static class DecisionFields
{
    /// <summary>Who decides, where a token says so; then the field <c>by</c> is nobody's to give. Null: there is no token, and the field has to say it.</summary>
    public static string? TokenName(this JsonFields fields, Requester requester)
    {
        var name = requester.Token?.Name;
        if (name is not null && fields.Find("by") is not null)
            fields.Refuse("by", "is the token's name and not yours to give; leave it out");
        return name;
    }

    /// <summary>A text that says something, for it stands in the log.</summary>
    public static string Said(this JsonFields fields, string name)
    {
        var text = fields.Text(name);
        if (text.Length > 0 && string.IsNullOrWhiteSpace(text))
            fields.Refuse(name, "is blank; it stands in the log beside what was changed");
        return text;
    }
}
