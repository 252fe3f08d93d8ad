using System.CommandLine;
using PouchMonitor.Cli.Simulate;
using PouchMonitor.Simulation;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>pouchmonitor simulate CELL</c>: writes an emulated cell's run as a cycler would export it; with <c>--mqtt</c> emulated
/// nodes publish to a broker instead.
/// </summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        Argument<string?> cell = new("CELL")
        {
            Description = "Emulated cell, such as dne-pouch or dne-pouch-baseline.", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> list = new("--list") { Description = "List the emulated cells with paper, condition and figures." };
        Option<int> cycles = new("--cycles") { Description = "Cycles to run (1 to 10000).", DefaultValueFactory = _ => 10 };
        Option<double> interval = new("--interval") { Description = "Seconds between rows (1 to 3600).", DefaultValueFactory = _ => 10 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the noise.", DefaultValueFactory = _ => 1 };
        Option<string?> output = new("--out") { Description = "File to write; standard output unless given." };
        FleetOptions fleet = new();
        Command command = new("simulate", "Write the series of an emulated cell as normalised columns, or run emulated nodes against a broker (--mqtt).")
        {
            cell, list, cycles, interval, seed, output,
        };
        fleet.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(list))
            {
                return Task.FromResult(List());
            }

            CheckRange(parsed.GetValue(cycles), parsed.GetValue(interval));
            if (fleet.Read(parsed, parsed.GetValue(cycles), parsed.GetValue(interval), parsed.GetValue(seed)) is { } plan)
            {
                return parsed.GetValue(cell) is null && parsed.GetValue(output) is null
                    ? new FleetRun(plan).RunAsync(cancellation)
                    : throw new CommandException("With --mqtt the cell is named by --cell, and nothing is written to a file.", ExitCodes.Usage);
            }

            string name = parsed.GetValue(cell) ?? throw new CommandException("Name an emulated cell; --list shows them.", ExitCodes.Usage);
            return Task.Run(() => Run(
                name, parsed.GetValue(cycles), parsed.GetValue(interval), parsed.GetValue(seed), parsed.GetValue(output), cancellation));
        });
        return command;
    }

    private static int List()
    {
        int width = Math.Max(EmulatedCells.Names.Max(name => name.Length), EmulatedLithiumCells.All.Max(cell => cell.Name.Length));
        foreach (string name in EmulatedCells.Names)
        {
            Console.Out.WriteLine($"{name.PadRight(width)}  {EmulatedCells.Create(name).Description}");
        }

        foreach (LithiumCellProfile cell in EmulatedLithiumCells.All)
        {
            Console.Out.WriteLine($"{cell.Name.PadRight(width)}  {cell.Description}");
        }

        return ExitCodes.Success;
    }

    private static void CheckRange(int cycles, double interval)
    {
        if (cycles is < 1 or > 10_000)
        {
            throw new CommandException($"--cycles {cycles}: 1 to 10000.", ExitCodes.Usage);
        }

        if (interval is not (>= 1 and <= 3600))
        {
            throw new CommandException($"--interval {interval}: 1 to 3600 seconds.", ExitCodes.Usage);
        }
    }

    private static int Run(string cell, int cycles, double interval, ulong seed, string? output, CancellationToken cancellation)
    {
        Func<TextWriter, long> write = WriterOf(cell, cycles, interval, seed, cancellation);
        try
        {
            if (output is null)
            {
                write(Console.Out);
                return ExitCodes.Success;
            }

            using StreamWriter file = new(output);
            long rows = write(file);
            Console.Error.WriteLine($"{rows} rows of {cycles} cycles of {cell} written to {output} (seed {seed}).");
            return ExitCodes.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--out {output}: {error.Message}");
        }
    }

    private static Func<TextWriter, long> WriterOf(string cell, int cycles, double interval, ulong seed, CancellationToken cancellation)
    {
        if (EmulatedLithiumCells.Find(cell) is { } lithium)
        {
            return writer => LithiumSeries.Write(writer, lithium, cycles, interval, seed, cancellation);
        }

        EmulatedCellProfile profile = EmulatedCells.Find(cell)
            ?? throw new CommandException($"There is no emulated cell '{cell}'; pouchmonitor simulate --list shows them.", ExitCodes.Usage);

        // A second is fine for a pouch; a coin cell at 20 C is empty within two minutes.
        CellRunOptions options = new() { Profile = profile, Cycles = cycles, Seed = seed, StepS = Math.Min(1, profile.Protocol.CoarseStepS) };
        return writer => RecordedSeries.Write(writer, options, interval, cancellation);
    }
}
