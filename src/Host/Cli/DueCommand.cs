using System.CommandLine;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla due</c>: when limits are due.</summary>
internal static class DueCommand
{
    public static Command Create() =>
        QuestionCommand.Create("due", "Answer when limits are due, one JSON question a line, without any store.", () => new DueCalculation().Answer);
}
