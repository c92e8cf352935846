using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// Lets a list be asked for as CSV, by <c>format=csv</c> or <c>Accept: text/csv</c>: all rows of the question, asked of the route's own handler page by page and written as they come.
/// Columns are paths into the rows of its JSON, so that both say the same; they are given and not taken from the rows, so that the header stays as it is whatever was found.
/// </summary>
internal static class CsvAnswer
{
    private const int RowsOfPage = 1000;

    /// <summary>Answers the array of that name as CSV when asked.</summary>
    /// <param name="route">A route that answers JSON.</param>
    /// <param name="array">The name of the array in its answer.</param>
    /// <param name="columns">Paths into a row with points between; of an array on the way, the values of all with a blank between.</param>
    public static RouteHandlerBuilder CanBeCsv(this RouteHandlerBuilder route, string array, params string[] columns)
    {
        var paths = columns.Select(c => c.Split('.')).ToArray();
        return route.WithMetadata(new FormatParameter()).AddEndpointFilterFactory((context, next) =>
        {
            var names = context.MethodInfo.GetParameters().Select(p => p.Name!).ToList();
            var (after, limit) = (names.IndexOf("after"), names.IndexOf("limit"));
            return async invocation =>
            {
                if (IsAsked(invocation.HttpContext.Request, out var refused) is var csv && refused is not null)
                    return refused;
                if (!csv)
                    return await next(invocation);
                if (limit >= 0)
                    invocation.Arguments[limit] = RowsOfPage;
                var first = await next(invocation);
                return PageOf(first) is { } page ? new Rows(array, columns, paths, page, MoreAsync) : first;

                async ValueTask<JsonObject> MoreAsync(string cursor)
                {
                    invocation.Arguments[after] = cursor;
                    // Cut off, it is not taken for all there is.
                    return PageOf(await next(invocation)) ?? throw new InvalidOperationException("a page of a list was refused after the one before it was answered");
                }
            };
        });
    }

    private static bool IsAsked(HttpRequest request, out IResult? refused)
    {
        var format = request.Query["format"].ToString();
        refused = format is "" or "csv" or "json" ? null : Problems.Parameter("format", "is neither csv nor json");
        return format == "csv" || (format.Length == 0 && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) && a.Quality is not 0));
    }

    private static JsonObject? PageOf(object? result) => ((result as INestedHttpResult)?.Result ?? result) is IValueHttpResult { Value: JsonObject page } ? page : null;

    /// <summary>The rows, page after page.</summary>
    private sealed class Rows(string array, string[] columns, string[][] paths, JsonObject first, Func<string, ValueTask<JsonObject>> more) : IResult
    {
        // Spreadsheets take a cell that begins so for a formula and run it.
        private static readonly System.Buffers.SearchValues<char> Formulas = System.Buffers.SearchValues.Create("=+-@\t\r");

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/csv; charset=utf-8";
            httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{Path.GetFileName(httpContext.Request.Path.Value!.TrimEnd('/'))}.csv\"";
            // With a mark, without which spreadsheets read Chinese in the code page of the machine.
            await using var text = new StreamWriter(httpContext.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 1 << 16, leaveOpen: true);
            await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true);
            foreach (var column in columns)
                csv.WriteField(column);
            await csv.NextRecordAsync();
            var page = first;
            while (true)
            {
                foreach (var row in page[array]!.AsArray())
                {
                    foreach (var path in paths)
                        csv.WriteField(CellOf(row, path));
                    await csv.NextRecordAsync();
                }

                // Once a page: what is written waits for whoever reads it.
                await csv.FlushAsync();
                await text.FlushAsync(httpContext.RequestAborted);
                if ((string?)page["next"] is not { } next)
                    return;
                page = await more(next);
            }
        }

        private static string CellOf(JsonNode? node, string[] path, int at = 0) => node switch
        {
            null => "",
            JsonArray all => string.Join(' ', all.Select(one => CellOf(one, path, at)).Where(c => c.Length > 0)),
            JsonObject inner when at < path.Length => CellOf(inner[path[at]], path, at + 1),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => Harmless(value.GetValue<string>()),
            _ => node.ToJsonString(),
        };

        private static string Harmless(string text) => text.Length > 0 && Formulas.Contains(text[0]) ? $"'{text}" : text;
    }
}

/// <summary>Marks a route that reads the <c>format</c> parameter.</summary>
internal sealed class FormatParameter;
