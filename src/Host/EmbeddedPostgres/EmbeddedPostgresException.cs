namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>The embedded server cannot run; the message is written for the operator and names the remedy.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>An error without a text.</summary>
    public EmbeddedPostgresException()
    {
    }

    /// <summary>An error with its text for the operator.</summary>
    public EmbeddedPostgresException(string message) : base(message)
    {
    }

    /// <summary>An error with its text for the operator and its cause.</summary>
    public EmbeddedPostgresException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
