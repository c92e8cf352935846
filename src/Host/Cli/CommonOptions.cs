using System.CommandLine;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Cli;

/// <summary>Options that several verbs take.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = $"Folder of the embedded database; default: SLA_DATA, or a folder of the user's. Without it, {Database.Variable} may name a PostgreSQL server to use instead",
    };

    public static Option<string> Catalogues() => new("--catalogues")
    {
        Description = "Folder of catalogue files to publish, and of mappings of webhooks in its folder webhooks; default: the ones shipped",
        DefaultValueFactory = _ => CatalogueFiles.Folder,
    };

    public static Option<string?> VaultKeys() => new("--vault-keys")
    {
        Description = $"The key file of personal data, one key a line (sla vault key); default: {KeyFile.Variable}, or beside the embedded database {KeyFile.DefaultName}, which is made when it is first needed",
    };

    public static Option<string?> Notifications() => new("--notifications")
    {
        Description = $"The file that says who is told of what is due soon, overdue or escalated (docs/notifications.md); default: {NotificationFile.Variable}, or nobody",
    };

    public static Option<string?> Centre() => new("--centre") { Description = "The centre; default: the only one" };
}
