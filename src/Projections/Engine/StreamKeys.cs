using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Projections.Engine;

/// <summary>Names a stream within the database.</summary>
internal readonly record struct StreamKey(string Centre, string Stream);

/// <summary>Streams as the parameters <c>$1</c> (tenants) and <c>$2</c> (streams) of a query.</summary>
internal sealed record StreamKeys(IReadOnlyList<StreamKey> Keys)
{
    public void AddTo(NpgsqlCommand command)
    {
        command.Parameters.Add(new() { Value = Keys.Select(k => k.Centre).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = Keys.Select(k => k.Stream).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
    }
}
