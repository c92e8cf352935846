using System.CommandLine;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla due</c>: one answer a line, in order, at constant memory.</summary>
internal static class DueCommand
{
    private const int BufferSize = 65_536;

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("file") { Description = "NDJSON questions; default: standard input", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("due", "Answer when limits are due, one JSON question a line, without any store.") { file };
        command.SetAction(async (parsed, ct) =>
        {
            var given = parsed.GetValue(file);
            if (given is { Exists: false })
            {
                Console.Error.WriteLine($"sla due: there is no file {given.FullName}; give the path of a file of questions, or none to read standard input");
                return ExitCode.Failed;
            }

            using var input = given is null ? new StreamReader(Console.OpenStandardInput(), bufferSize: BufferSize) : new StreamReader(given.FullName, new FileStreamOptions { BufferSize = BufferSize });
            await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: BufferSize);
            return await AnswerAsync(input, output, ct);
        });
        return command;
    }

    private static async Task<int> AnswerAsync(StreamReader input, StreamWriter output, CancellationToken ct)
    {
        var calculation = new DueCalculation();
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
            var (answer, ok) = calculation.Answer(line);
            output.Write(answer);
            output.Write('\n');
            if (!ok)
                code = ExitCode.Failed;
        }
    }
}
