using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>
/// Senders that do what a good sender does: post, and post the same again, to either host, until somebody says it is stored.
/// </summary>
internal sealed class ChaosLoad : IDisposable
{
    private const int Senders = 10;
    private const int NewCaseOneIn = 8;
    private const int MaxBatch = 8;

    // A stopped host takes connections, by its kernel, and never answers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = Patience };
    private readonly PriorityQueue<PlannedEvent, DateTime> _planned = new();
    private readonly ConcurrentDictionary<string, long> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<ChaosHost> _hosts;
    private readonly Action<string> _violation;
    private readonly Task _sending;
    private long _batches;

    public ChaosLoad(IReadOnlyList<ChaosHost> hosts, int seed, Action<string> violation)
    {
        (_hosts, _violation) = (hosts, violation);
        var cases = new ChaosCases(new Random(seed));
        _sending = Task.WhenAll(Enumerable.Range(1, Senders).Select(n => Task.Run(() => SendAsync(cases, new Random(seed + n)))));
    }

    /// <summary>Everything that was ever put on the wire, by id.</summary>
    public ConcurrentDictionary<string, PlannedEvent> Sent { get; } = new();

    /// <summary>What a host has said is stored, by id.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new();

    /// <summary>Batches acknowledged so far.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>How often each kind of answer came, no answer included.</summary>
    public string Answers => string.Join("; ", _answers.Select(a => $"{a.Key}: {a.Value}").Order());

    /// <summary>Requests that the database being away or full made fail.</summary>
    public long Refusals => _answers.GetValueOrDefault("503");

    /// <summary>Plans nothing more, and ends when all that was sent has been acknowledged.</summary>
    public async Task FinishAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_sending, Task.Delay(TimeSpan.FromMinutes(2)));
        Assert.True(_sending.IsCompleted, $"not everything that was sent has been acknowledged: {Acknowledged.Count} of {Sent.Count} events; {Answers}");
        await _sending;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(ChaosCases cases, Random random)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_stop.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            if (Take(cases, random) is { Count: > 0 } batch)
                await SendUntilAcknowledgedAsync(batch, random);
        }
    }

    private List<PlannedEvent> Take(ChaosCases cases, Random random)
    {
        var now = DateTime.UtcNow;
        var batch = new List<PlannedEvent>();
        lock (_planned)
        {
            if (random.Next(NewCaseOneIn) == 0)
            {
                foreach (var planned in cases.Next(now))
                    _planned.Enqueue(planned, planned.SendAt);
            }

            var most = random.Next(1, MaxBatch + 1);
            while (batch.Count < most && _planned.TryPeek(out _, out var due) && due <= now)
                batch.Add(_planned.Dequeue());
        }

        foreach (var planned in batch)
            Sent[planned.Id] = planned;
        return batch;
    }

    private async Task SendUntilAcknowledgedAsync(List<PlannedEvent> batch, Random random)
    {
        // Now and then the same event twice in one batch, and the same batch to both hosts at once.
        var body = new JsonArray([.. batch.Concat(batch.Where(_ => random.Next(25) == 0)).Select(e => (JsonNode)e.ToCloudEvent())]);
        var (text, count) = (body.ToJsonString(), body.Count);
        // Whoever gets no answer turns to the other host.
        for (var host = random.Next(_hosts.Count); ; host = (host + 1) % _hosts.Count)
        {
            var answers = random.Next(20) == 0
                ? await Task.WhenAll(_hosts.Select(h => PostAsync(h, text, count)))
                : [await PostAsync(_hosts[host], text, count)];
            if (answers.Any(a => a is not null))
                break;
            await Task.Delay(Pace);
        }

        foreach (var planned in batch)
            Acknowledged[planned.Id] = true;
        Interlocked.Increment(ref _batches);
        // A sender that lost the answer on its way sends again what is stored: nothing of it may be stored a second time, or be gone.
        if (random.Next(10) == 0 && await PostAsync(_hosts[random.Next(_hosts.Count)], text, count) is > 0 and var appended)
            _violation($"{appended} of {batch.Count} events had been acknowledged and were appended again, the first {batch[0].Id}");
    }

    /// <summary>How many were appended; null: not acknowledged.</summary>
    private async Task<int?> PostAsync(ChaosHost host, string body, int count)
    {
        try
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
            using var response = await _client.PostAsync(new Uri(host.Url, "/events"), content);
            var text = await response.Content.ReadAsStringAsync();
            Count($"{(int)response.StatusCode}");
            if (response.StatusCode == HttpStatusCode.OK)
                return Appended(text, count);
            // That the database is away may be said; that good events are at fault, or the program, may not.
            if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                _violation($"{host.Name} answered good events with {(int)response.StatusCode}: {text}");
            return null;
        }
        catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException or IOException)
        {
            Count(silence is OperationCanceledException ? "no answer in time" : "connection lost or refused");
            return null;
        }
    }

    private int Appended(string text, int count)
    {
        using var answer = JsonDocument.Parse(text);
        var (appended, duplicates) = (answer.RootElement.GetProperty("appended").GetInt32(), answer.RootElement.GetProperty("duplicates").GetInt32());
        if (appended + duplicates != count)
            _violation($"of {count} events {appended} were said to be appended and {duplicates} to be there");
        return appended;
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, n) => n + 1);
}
