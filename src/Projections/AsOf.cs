using NodaTime;

namespace SlaMonitor.Projections;

/// <summary>A past as it was known: what stood in the log by a position, with due-passing judged at an instant.</summary>
/// <param name="Position">The last position that counts, of facts and of catalogues.</param>
/// <param name="At">The instant that what is open is judged at.</param>
public readonly record struct AsOf(long Position, Instant At);
