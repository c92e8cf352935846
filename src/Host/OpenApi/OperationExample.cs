namespace SlaMonitor.Host.OpenApi;

/// <summary>A body that a route takes, as an embedded file; a test sends it.</summary>
internal sealed record RequestExample(string ContentType, string File)
{
    /// <summary>The text of an embedded example.</summary>
    public static string Text(string file)
    {
        using var text = new StreamReader(typeof(RequestExample).Assembly.GetManifestResourceStream($"example/{file}")!);
        return text.ReadToEnd();
    }
}

/// <summary>What a route answers, as an embedded file; a test asks for it and compares.</summary>
/// <param name="Status">The status.</param>
/// <param name="Meaning">What the status means here.</param>
/// <param name="ContentType">What the answer is.</param>
/// <param name="File">The example; null: none.</param>
internal sealed record ResponseExample(int Status, string Meaning, string ContentType, string? File);

/// <summary>The centre whose examples a route shows, where it is not the hall.</summary>
internal sealed record CentreExample(string Centre);

/// <summary>What a parameter means on a route on which it means something of its own.</summary>
internal sealed record ParameterMeaning(string Name, string Meaning, System.Text.Json.Nodes.JsonNode? Example);

/// <summary>What the description of the API says of a route beyond its parameters.</summary>
internal static class OperationExamples
{
    /// <summary>A body the route takes.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, string contentType, string file) => route.WithMetadata(new RequestExample(contentType, file));

    /// <summary>Its examples are of the sample's IT department.</summary>
    public static RouteHandlerBuilder OfServices(this RouteHandlerBuilder route) => route.WithMetadata(new CentreExample("it-department"));

    /// <summary>What one of its parameters means here, and a value to try.</summary>
    public static RouteHandlerBuilder Means(this RouteHandlerBuilder route, string name, string meaning, string? example) => route.WithMetadata(new ParameterMeaning(name, meaning, example));

    /// <summary>What the route answers when all is well.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, string file, string contentType = "application/json") =>
        route.WithMetadata(new ResponseExample(StatusCodes.Status200OK, "Answered", contentType, file));

    /// <summary>What the route answers when something is wrong.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, int status, string meaning, string? file = null) =>
        route.WithMetadata(new ResponseExample(status, meaning, "application/problem+json", file));
}
