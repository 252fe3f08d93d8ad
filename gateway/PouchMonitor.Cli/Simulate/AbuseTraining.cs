using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Cli.Simulate;

/// <summary>
/// An abuse on the first channel of an emulated fleet, so that an abuse test can be practised without a cell: in real time, with the
/// event a while after the node was told to sample fast, or when somebody presses Enter.
/// </summary>
internal sealed record AbuseTraining
{
    // The longest after which a truth is still told: an oven's ramp, hold and what follows.
    private const double TruthS = 3 * 3600;

    public required AbuseScript Script { get; init; }

    /// <summary>From the first fast sample to the event.</summary>
    public required TimeSpan Delay { get; init; }

    public required bool HasTriggerInput { get; init; }

    /// <summary>The options of a node with this on its first channel.</summary>
    public EmulatedNodeOptions Apply(EmulatedNodeOptions node) => node with
    {
        Abuse = Script,
        AbuseDelay = Delay,
        HasTriggerInput = HasTriggerInput,
        StoreFlashBytes = 2 * 1024 * 1024,
    };

    /// <summary>Says what will happen, and lets Enter begin it where there is a terminal.</summary>
    public void Announce(EmulatedNode node)
    {
        bool hasTerminal = !Console.IsInputRedirected;
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: begins {Delay.TotalSeconds:F0} s after node {node.Options.Node} samples channel 1 fast (begin-abuse){(hasTerminal ? ", or when you press Enter" : "")}."));
        if (hasTerminal)
        {
            // Ends with the process.
            _ = Task.Run(() =>
            {
                if (Console.In.ReadLine() is not null)
                {
                    node.BeginAbuse();
                }
            });
        }
    }

    /// <summary>Writes what really happened, for who wants to hold the gateway's figures against it.</summary>
    public void Write(Utf8JsonWriter json, EmulatedNode node)
    {
        AbuseTruth truth = AbuseTruth.Of(Script, TruthS);
        json.WriteStartObject("abuse");
        json.WriteString("kind", NameOf(AbuseNames.Kinds, Script.Kind));
        json.WriteString("outcome", NameOf(AbuseNames.Outcomes, Script.Outcome));
        json.WriteBoolean("sensorLoss", Script.Fault == EmulatedAbuseFault.SensorLoss);
        WriteMaybe("beganAt", node.Abuse?.BeganS is { } at ? (node.Options.VirtualStartUnixMicroseconds / 1e6) + at : null);
        json.WriteNumber("initialVoltageV", Math.Round(truth.InitialVoltageV, 4));
        json.WriteNumber("maximumSurfaceC", Math.Round(truth.MaximumSurfaceC, 1));
        json.WriteNumber("maximumAfterSeconds", Math.Round(truth.MaximumAtS, 2));
        WriteMaybe("ventedAfterSeconds", truth.VentedAtS);
        WriteMaybe("runawayCriterionAfterSeconds", truth.RunsAwayAtS());
        json.WriteNumber("massLostG", Math.Round(truth.MassLostG, 1));
        json.WriteEndObject();

        void WriteMaybe(string name, double? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, Math.Round(number, 3));
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private string Name => $"{NameOf(AbuseNames.Kinds, Script.Kind)}, {NameOf(AbuseNames.Outcomes, Script.Outcome)}";

    private static string NameOf<T>(IReadOnlyDictionary<string, T> names, T value)
        where T : struct, Enum =>
        names.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;
}

/// <summary>The options of <see cref="AbuseTraining"/>.</summary>
internal sealed class AbuseTrainingOptions
{
    private const double LongestDelayS = 86_400;

    private readonly Option<string?> abuse = new("--abuse")
    {
        Description = "What is done to the cell on the first channel, KIND[:OUTCOME], in real time from now on. Kinds: "
            + string.Join(", ", AbuseNames.Kinds.Keys) + "; outcomes: " + string.Join(", ", AbuseNames.Outcomes.Keys) + ".",
    };

    private readonly Option<double> delay = new("--abuse-delay")
    {
        Description = "Seconds from begin-abuse to the event (0 to 86400); Enter begins it at once.", DefaultValueFactory = _ => 120,
    };

    private readonly Option<bool> sensorLoss = new("--sensor-loss") { Description = "The thermistor opens at 150 C, the thermocouple burns through at 300 C." };
    private readonly Option<bool> triggerInput = new("--trigger-input") { Description = "The press closes the node's trigger input." };
    private readonly Option<double> ovenRate = new("--oven-rate") { Description = "Rate of the oven, C/min (0.1 to 60).", DefaultValueFactory = _ => 5 };

    public IEnumerable<Option> All => [abuse, delay, sensorLoss, triggerInput, ovenRate];

    /// <summary>Null where no abuse is asked for.</summary>
    public AbuseTraining? Read(ParseResult parsed, ulong seed)
    {
        if (parsed.GetValue(abuse) is not { } text)
        {
            Option? stray = All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return stray is null ? null : throw new CommandException($"{stray.Name} needs --abuse KIND.", ExitCodes.Usage);
        }

        if (!AbuseNames.TryRead(text, out EmulatedAbuseKind kind, out EmulatedAbuseOutcome outcome, out string? fault))
        {
            throw new CommandException($"--abuse: {fault}.", ExitCodes.Usage);
        }

        return new AbuseTraining
        {
            Script = AbuseScript.Create(
                kind, outcome, parsed.GetValue(sensorLoss) ? EmulatedAbuseFault.SensorLoss : EmulatedAbuseFault.None, seed, Within(parsed, ovenRate, 0.1, 60)),
            Delay = TimeSpan.FromSeconds(Within(parsed, delay, 0, LongestDelayS)),
            HasTriggerInput = parsed.GetValue(triggerInput),
        };
    }

    private static double Within(ParseResult parsed, Option<double> option, double least, double most)
    {
        double value = parsed.GetValue(option);
        return value >= least && value <= most
            ? value
            : throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} {value}: {least} to {most}."), ExitCodes.Usage);
    }
}
