using System.CommandLine;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla availability</c>: what was agreed and lost of services.</summary>
internal static class AvailabilityCommand
{
    public static Command Create() =>
        QuestionCommand.Create("availability", "Answer how available services were, one JSON question a line, without any store.", () => new AvailabilityCalculation().Answer);
}
