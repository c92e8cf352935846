namespace SlaMonitor.Host.Cli;

/// <summary>What a verb answers the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself was wrong.</summary>
    public const int Usage = 2;
}
