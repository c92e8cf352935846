using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Notifications;

/// <summary>The file that says who is told of notices.</summary>
internal static class NotificationFile
{
    /// <summary>Environment variable that names it.</summary>
    public const string Variable = "SLA_NOTIFICATIONS";

    /// <summary>The plan of a file that was named, by an option or else by the environment; nobody is told where none is.</summary>
    /// <exception cref="NotificationFileException">It cannot be used.</exception>
    public static NotificationPlan Named(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named ? Read(named) : NotificationPlan.None;

    /// <summary>Reads it, and the files of secrets that it names.</summary>
    /// <exception cref="NotificationFileException">It cannot be used; the message lists every fault with its place, and no value.</exception>
    public static NotificationPlan Read(string path)
    {
        var (name, places, faults) = (Path.GetFileName(path), new YamlPlaces(), new List<Fault>());
        var root = ReadYaml(path, places);
        using var document = JsonSerializer.SerializeToDocument(root);
        var plan = new TargetReader(faults, Path.GetDirectoryName(Path.GetFullPath(path))!).Read(document.RootElement);
        return faults.Count == 0 ? plan : throw Refused(name, root, places, faults);
    }

    private static NotificationFileException Refused(string name, JsonNode? root, YamlPlaces places, List<Fault> faults)
    {
        var placed = faults.Select(f => (Fault: f, Place: (root is null ? null : places.Find(root, f.Field)) ?? new Place(name, 1, 1))).OrderBy(f => f.Place.Line).ThenBy(f => f.Place.Column);
        return new NotificationFileException(string.Join(Environment.NewLine, placed.Select(f => $"notifications {f.Place}: {f.Fault.Field} {f.Fault.Reason}")));
    }

    private static JsonNode? ReadYaml(string path, YamlPlaces places)
    {
        try
        {
            return Yaml.ReadFile(path, places);
        }
        catch (CatalogueFileException unreadable)
        {
            throw new NotificationFileException($"notifications {path}: {unreadable.Reason}");
        }
    }
}

/// <summary>The file of targets cannot be used; the message says what is wrong and what to do.</summary>
internal sealed class NotificationFileException(string message) : Exception(message);
