using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Ratings;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Samples;

/// <summary>A sample with the present ratings of its cases, for routes and the command line alike.</summary>
/// <param name="Sample">As it was drawn.</param>
/// <param name="At">When.</param>
/// <param name="Position">Where that stands in the log.</param>
/// <param name="Ratings">What is known of each case, by its stream; those that are neither finished nor rated any more are missing.</param>
/// <param name="Satisfaction">Over those that are finished.</param>
internal sealed record SampleReading(SampleDrawn Sample, Instant At, long Position, IReadOnlyDictionary<string, (int? Score, bool Defaulted, bool Rated)> Ratings, Satisfaction Satisfaction)
{
    public static async Task<SampleReading> ReadAsync(ReadModels models, string centre, SampleDrawn sample, Instant at, long position, CancellationToken ct)
    {
        string[] streams = [.. sample.Windows.SelectMany(w => w.Drawn).Select(n => $"case/{n}")];
        var ratings = new Dictionary<string, (int?, bool, bool)>();
        await using (var select = models.Command($"SELECT stream_id, score, defaulted, rated_at IS NOT NULL FROM {models.Ratings} WHERE tenant_id = $1 AND stream_id = ANY ($2)"))
        {
            select.Parameters.Add(new() { Value = centre });
            select.Parameters.Add(new() { Value = streams });
            await using var reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                ratings[reader.GetString(0)] = (reader.IsDBNull(1) ? null : reader.GetInt16(1), reader.GetBoolean(2), reader.GetBoolean(3));
        }

        return new SampleReading(sample, at, position, ratings, await Satisfaction.OfCasesAsync(models, centre, streams, ct));
    }

    /// <summary>given, defaulted, voided or none.</summary>
    public string StateOf(string number) => !Ratings.TryGetValue($"case/{number}", out var rating) || !rating.Rated ? "none" : rating.Score is null ? "voided" : rating.Defaulted ? "defaulted" : "given";

    /// <summary>The score that counts; null: there is none.</summary>
    public int? ScoreOf(string number) => StateOf(number) == "given" ? Ratings[$"case/{number}"].Score : null;

    public JsonObject ToJson(DateTimeZone zone)
    {
        var answer = Sample.ToJson();
        answer["recordedAt"] = Timestamps.Format(At, zone);
        answer["position"] = Position;
        answer["windows"] = new JsonArray([.. Sample.Windows.Select(w => (JsonNode)new JsonObject
        {
            ["window"] = w.Window,
            ["frame"] = w.Frame,
            ["cases"] = new JsonArray([.. w.Drawn.Select(n => (JsonNode)new JsonObject { ["case"] = n, ["rating"] = StateOf(n), ["score"] = ScoreOf(n) })]),
        })]);
        answer["satisfaction"] = Satisfaction.ToJson("none");
        ((JsonObject)answer["satisfaction"]!).Remove("none");
        return answer;
    }
}
