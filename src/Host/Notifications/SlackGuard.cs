using System.Text.RegularExpressions;

namespace SlaMonitor.Host.Notifications;

/// <summary>Takes from a value what Slack and Mattermost make calls, links and formats of. The one knows no escape and shows the other's, so look-alikes stand in.</summary>
internal static partial class SlackGuard
{
    /// <summary>The value as people read it, which calls nobody and formats nothing.</summary>
    public static string Quiet(string value) => Marks().Replace(value, mark => mark.Value switch
    {
        "@" => "@\u200B",
        "://" => ":\u200B//",
        "_" => "\uFF3F",
        // The wide forms of ASCII lie in its order.
        [var one] => ((char)(one + 0xFEE0)).ToString(),
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    // An underscore within a word formats nothing, and case numbers have them.
    [GeneratedRegex(@"@|://|[*`~\[\]\\|#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])")]
    private static partial Regex Marks();
}
