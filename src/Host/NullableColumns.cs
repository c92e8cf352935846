using NodaTime;
using Npgsql;

namespace SlaMonitor.Host;

/// <summary>Columns of a row that may hold nothing; null: this one does.</summary>
internal static class NullableColumns
{
    public static string? Text(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    public static bool? Flag(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetBoolean(i);

    public static Instant? At(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : Instant.FromDateTimeUtc(row.GetDateTime(i));
}
