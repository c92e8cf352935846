using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>What every connection to the store is opened with. Made in one place, because one connection without it can hold a hole in the
/// log open for as long as its dead client goes unnoticed.</summary>
public static class StoreConnection
{
    // The server's side of the socket: a client that vanished without a word is noticed after 30 + 3 x 10 s, or when what was sent to it
    // stays unacknowledged for 30 s; and a transaction nobody works on is ended after a minute.
    private const string ServerOptions =
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 " +
        "-c tcp_user_timeout=30000 -c idle_in_transaction_session_timeout=60000";

    /// <summary>Makes the data source of one database.</summary>
    /// <param name="connectionString">An Npgsql connection string; its own <c>Options</c> and <c>Application Name</c> win over the defaults.</param>
    /// <param name="applicationName">Shown in <c>pg_stat_activity</c> when the connection string names none.</param>
    /// <returns>A pool that the caller disposes.</returns>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static NpgsqlDataSource CreateDataSource(string connectionString, string applicationName = "sla-monitor")
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= applicationName;
        // The detail of an error holds values of rows, and errors are logged.
        settings.IncludeErrorDetail = false;
        KeepAlive(settings);
        // The last -c of a name wins.
        settings.Options = settings.Options is { Length: > 0 } own ? $"{ServerOptions} {own}" : ServerOptions;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    // The client's side. A Unix socket refuses these options, and needs none.
    private static void KeepAlive(NpgsqlConnectionStringBuilder settings)
    {
        if (settings.Host is not { Length: > 0 } host || host[0] is '/' or '@')
            return;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = settings.TcpKeepAliveTime == 0 ? 30 : settings.TcpKeepAliveTime;
        settings.TcpKeepAliveInterval = settings.TcpKeepAliveInterval == 0 ? 10 : settings.TcpKeepAliveInterval;
    }
}
