using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SlaMonitor.Domain;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the description of the API, made from the routes, their parameters and examples that are tested.</summary>
internal static class ApiDescription
{
    private const string EventSchema = "CloudEvent";

    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
    });

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json");

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "SlaMonitor", Version = typeof(ApiDescription).Assembly.GetName().Version!.ToString(3), Description = "Takes events of cases and of outages, tells which promise was kept, and why. Times are ISO 8601 with offset; errors are application/problem+json and name the item, the field and the remedy." };
        // Where it is reached is the reader's affair.
        document.Servers?.Clear();
        document.AddComponent<IOpenApiSchema>(EventSchema, Event());
        document.AddComponent<IOpenApiSecurityScheme>("token", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of `sla token create`; none is needed on the server's own machine unless it was started with --require-tokens." });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<WaitParameter>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = "wait", In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        if (metadata.OfType<FormatParameter>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = "format", In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            var (meaning, example) = metadata.OfType<ParameterMeaning>().SingleOrDefault(m => m.Name == parameter.Name) is { } own ? (own.Meaning, own.Example) : Parameters.All[parameter.Name!];
            (parameter.Description, parameter.Example) = (meaning, parameter.Name == "centre" && metadata.OfType<CentreExample>().SingleOrDefault() is { } other ? other.Centre : example?.DeepClone());
        }

        if (metadata.OfType<RequestExample>().ToList() is { Count: > 0 } requests)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = requests.ToDictionary(r => r.ContentType, r => Body(r, context.Document!)) };
        foreach (var response in metadata.OfType<ResponseExample>())
        {
            (operation.Responses ??= [])[response.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] =
                new OpenApiResponse { Description = response.Meaning, Content = new Dictionary<string, OpenApiMediaType> { [response.ContentType] = Media(response) } };
        }

        return Task.CompletedTask;
    }

    private static OpenApiMediaType Body(RequestExample example, OpenApiDocument document)
    {
        var text = RequestExample.Text(example.File);
        var lines = example.ContentType.Contains("ndjson", StringComparison.Ordinal);
        var body = new OpenApiMediaType { Example = lines ? JsonValue.Create(text) : JsonNode.Parse(text) };
        if (example.ContentType.Contains("cloudevents", StringComparison.Ordinal))
        {
            var schema = new OpenApiSchemaReference(EventSchema, document);
            body.Schema = body.Example is JsonArray ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema;
        }

        return body;
    }

    private static OpenApiMediaType Media(ResponseExample response) => new()
    {
        Example = response.File is not { } file ? null : response.ContentType.EndsWith("json", StringComparison.Ordinal) && !response.ContentType.Contains("ndjson", StringComparison.Ordinal)
            ? JsonNode.Parse(RequestExample.Text(file)) : JsonValue.Create(RequestExample.Text(file)),
    };

    private static OpenApiSchema Event() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "An event in CloudEvents 1.0. Unknown fields of data are kept and passed over.",
        Required = new HashSet<string> { "specversion", "type", "source", "id", "subject", "time" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["specversion"] = Text("Always 1.0.", "1.0"),
            ["type"] = Text("What happened.", [.. EventTypes.Reported.Select(t => t.Name)]),
            ["source"] = Text("Who reports it; with centre and id it names the event for ever."),
            ["id"] = Text("The reporter's name of the event. Sent again with the same content it adds nothing; with other content it is refused."),
            ["subject"] = Text("What it is about: case/ and the case number, or outage/, maintenance/ or service/ and its id."),
            ["time"] = Text("When it happened, ISO 8601 with offset."),
            ["centre"] = Text("The centre the case belongs to; may be left out where there is one."),
            ["sequence"] = Text("A whole number that orders events of the same instant."),
            ["data"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The fields of the event." },
        },
    };

    private static OpenApiSchema Text(string meaning, params string[] choices) => new()
    {
        Type = JsonSchemaType.String,
        Description = meaning,
        Enum = choices.Length == 0 ? null : [.. choices.Select(c => (JsonNode)c)],
    };
}

/// <summary>Marks a route that reads the <c>wait</c> parameter.</summary>
internal sealed class WaitParameter;
