using System.CommandLine;

namespace SlaMonitor.Host.Cli;

/// <summary>A command that answers one JSON question a line: one answer a line, in order, at constant memory.</summary>
internal static class QuestionCommand
{
    private const int BufferSize = 65_536;

    /// <summary>The command; every run of it has an answerer of its own.</summary>
    public static Command Create(string name, string description, Func<Func<string, (string Line, bool Ok)>> answerer)
    {
        var file = new Argument<FileInfo?>("file") { Description = "NDJSON questions; default: standard input", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(name, description) { file };
        command.SetAction(async (parsed, ct) =>
        {
            var given = parsed.GetValue(file);
            if (given is { Exists: false })
            {
                Console.Error.WriteLine($"sla {name}: there is no file {given.FullName}; give the path of a file of questions, or none to read standard input");
                return ExitCode.Failed;
            }

            using var input = given is null ? new StreamReader(Console.OpenStandardInput(), bufferSize: BufferSize) : new StreamReader(given.FullName, new FileStreamOptions { BufferSize = BufferSize });
            await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: BufferSize);
            return await AnswerAsync(answerer(), input, output, ct);
        });
        return command;
    }

    private static async Task<int> AnswerAsync(Func<string, (string Line, bool Ok)> answer, StreamReader input, StreamWriter output, CancellationToken ct)
    {
        var code = ExitCode.Done;
        while (true)
        {
            var next = input.ReadLineAsync(ct);
            // Nothing more is there yet: whoever asked and waits gets the answers so far. A file streams on in whole buffers.
            if (!next.IsCompleted)
                await output.FlushAsync(ct);
            if (await next is not { } line)
                return code;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (written, ok) = answer(line);
            output.Write(written);
            output.Write('\n');
            if (!ok)
                code = ExitCode.Failed;
        }
    }
}
