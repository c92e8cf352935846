namespace SlaMonitor.Host.Metrics;

/// <summary>Families as written, in both formats, plain and deflated: a document but for its end. What nobody asks for is not deflated.</summary>
/// <param name="text">In the text format.</param>
/// <param name="openMetrics">In OpenMetrics.</param>
/// <param name="families">The names of all families so far.</param>
internal sealed class Exposition(byte[] text, byte[] openMetrics, IReadOnlySet<string> families)
{
    private readonly Lazy<DeflatedPiece> _deflatedText = new(() => DeflatedPiece.Of(text));
    private readonly Lazy<DeflatedPiece> _deflatedOpenMetrics = new(() => DeflatedPiece.Of(openMetrics));

    public IReadOnlySet<string> Families => families;

    public ReadOnlyMemory<byte> Plain(ExpositionFormat format) => format.IsOpenMetrics ? openMetrics : text;

    public DeflatedPiece Deflated(ExpositionFormat format) => (format.IsOpenMetrics ? _deflatedOpenMetrics : _deflatedText).Value;

    /// <summary>Does beforehand what a scraper with gzip will ask for.</summary>
    public void Prepare()
    {
        _ = _deflatedText.Value;
        _ = _deflatedOpenMetrics.Value;
    }
}
