using System.CommandLine;
using PouchMonitor.Simulation;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor simulate CELL</c>: writes an emulated cell's run as a cycler would export it.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        Argument<string> cell = new("CELL") { Description = "Emulated cell, such as dne-pouch or dne-pouch-baseline." };
        Option<int> cycles = new("--cycles") { Description = "Cycles to run (1 to 10000).", DefaultValueFactory = _ => 10 };
        Option<double> interval = new("--interval") { Description = "Seconds between rows (1 to 3600).", DefaultValueFactory = _ => 10 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the noise.", DefaultValueFactory = _ => 1 };
        Option<string?> output = new("--out") { Description = "File to write; standard output unless given." };
        Command command = new("simulate", "Write the series of an emulated cell as normalised columns.") { cell, cycles, interval, seed, output };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(
            parsed.GetValue(cell)!, parsed.GetValue(cycles), parsed.GetValue(interval), parsed.GetValue(seed), parsed.GetValue(output), cancellation)));
        return command;
    }

    private static int Run(string cell, int cycles, double interval, ulong seed, string? output, CancellationToken cancellation)
    {
        if (cycles is < 1 or > 10_000)
        {
            throw new CommandException($"--cycles {cycles}: 1 to 10000.", ExitCodes.Usage);
        }

        if (interval is not (>= 1 and <= 3600))
        {
            throw new CommandException($"--interval {interval}: 1 to 3600 seconds.", ExitCodes.Usage);
        }

        EmulatedCellProfile profile;
        try
        {
            profile = EmulatedCells.Create(cell);
        }
        catch (ArgumentException error)
        {
            throw new CommandException(error.Message, ExitCodes.Usage);
        }

        CellRunOptions options = new() { Profile = profile, Cycles = cycles, Seed = seed };
        try
        {
            if (output is null)
            {
                RecordedSeries.Write(Console.Out, options, interval, cancellation);
                return ExitCodes.Success;
            }

            using StreamWriter file = new(output);
            long rows = RecordedSeries.Write(file, options, interval, cancellation);
            Console.Error.WriteLine($"{rows} rows of {cycles} cycles of {cell} written to {output} (seed {seed}).");
            return ExitCodes.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--out {output}: {error.Message}");
        }
    }
}
