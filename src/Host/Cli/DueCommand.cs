using System.CommandLine;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla due</c>: one answer a line, in order, at constant memory.</summary>
internal static class DueCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("file") { Description = "NDJSON questions; default: standard input", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("due", "Answer when limits are due, one JSON question a line, without any store.") { file };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(file);
            if (given is { Exists: false })
            {
                Console.Error.WriteLine($"sla due: there is no file {given.Name}; give the path of a file of questions, or none to read standard input");
                return ExitCode.Failed;
            }

            using var input = given is null ? new StreamReader(Console.OpenStandardInput()) : given.OpenText();
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 65_536);
            return Answer(input, output);
        });
        return command;
    }

    private static int Answer(TextReader input, TextWriter output)
    {
        var calculation = new DueCalculation();
        var code = ExitCode.Done;
        while (input.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (answer, ok) = calculation.Answer(line);
            output.Write(answer);
            output.Write('\n');
            if (!ok)
                code = ExitCode.Failed;
            // Whoever asks one question and waits gets the answer at once; a file streams in whole buffers.
            if (input.Peek() < 0)
                output.Flush();
        }

        return code;
    }
}
