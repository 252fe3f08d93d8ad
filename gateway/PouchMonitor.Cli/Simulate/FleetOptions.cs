using System.CommandLine;
using System.Globalization;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Simulation;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Simulate;

/// <summary>The options of <c>pouchmonitor simulate --mqtt</c>.</summary>
internal sealed class FleetOptions
{
    private const double LongestDurationHours = 20 * 365 * 24;
    private const int HistoryDays = 365;

    // As a node ships, until it is told to sample fast.
    private const double AbuseIntervalSeconds = 0.1;

    private readonly Option<string?> mqtt = new("--mqtt")
    {
        Description = "Broker to publish to as emulated nodes, HOST:PORT; the other options below belong to it.",
    };

    private readonly Option<int> nodes = new("--nodes") { Description = "Emulated nodes (1 to 1000).", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> cell = new("--cell") { Description = "Emulated cell on every channel, or mixed for all pouches in turn (the usual)." };
    private readonly Option<int> channels = new("--channels") { Description = "Channels of a node (1 to 4).", DefaultValueFactory = _ => 1 };
    private readonly Option<string> speed = new("--speed")
    {
        Description = "Emulated seconds in a second (1 to 100000), or max for as many as the broker takes; 1 with --abuse unless given.",
        DefaultValueFactory = _ => "max",
    };

    private readonly Option<string?> duration = new("--duration")
    {
        Description = "Emulated time after which the tests end, such as 90m, 24h or 10d; else after --cycles.",
    };

    private readonly Option<string?> faults = new("--faults")
    {
        Description = "Comma-separated faults, each on a cell and at a time of the seed's choice: "
            + string.Join(", ", FleetPlan.FaultNames.Keys) + ".",
    };

    private readonly Option<string?> start = new("--start")
    {
        Description = "Date of the first sample, Unix seconds; a year ago unless given, now with --abuse.",
    };

    private readonly Option<string?> name = new("--name") { Description = "Name of the node, or start of the names (NAME-1, NAME-2, ...); sim unless given." };
    private readonly Option<string?> user = new("--user") { Description = "Name to connect with; the node's own where there is a password." };
    private readonly Option<string?> password = new("--password-file") { Description = "File whose first line is the password or the node's token." };

    private readonly AbuseTrainingOptions abuse = new();

    private Option[] OfFleet => [nodes, cell, channels, speed, duration, faults, start, name, user, password, .. abuse.All];

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[mqtt, .. OfFleet])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Null where no broker is named, and a series is to be written instead.</summary>
    public FleetPlan? Read(ParseResult parsed, int cycles, double interval, ulong seed)
    {
        if (parsed.GetValue(mqtt) is not { } address)
        {
            Option? stray = OfFleet.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return stray is null ? null : throw Usage($"{stray.Name} needs --mqtt HOST:PORT.");
        }

        (string host, int port) = ReplayCommand.Address(address);
        string prefix = parsed.GetValue(name) ?? "sim";
        int count = Within("--nodes", parsed.GetValue(nodes), FleetPlan.MostNodes);
        int perNode = Within("--channels", parsed.GetValue(channels), FleetPlan.MostChannels);
        if (!TopicNames.IsNodeName(prefix + "-1000.4"))
        {
            throw Usage($"--name '{prefix}': 1 to 57 of A-Z a-z 0-9 . _ -.");
        }

        IReadOnlyList<EmulatedFaultKind> kinds = Faults(parsed.GetValue(faults));
        if (kinds.Count > count * perNode)
        {
            throw Usage($"--faults names {kinds.Count}, but there are only {count * perNode} cells.");
        }

        AbuseTraining? training = abuse.Read(parsed, seed);
        bool isSpeedGiven = parsed.GetResult(speed) is { Implicit: false };
        return new FleetPlan
        {
            Abuse = training,
            Nodes = count,
            Channels = perNode,
            Cell = Cell(parsed.GetValue(cell) ?? "mixed"),
            Prefix = prefix,
            Seed = seed,
            Cycles = cycles,
            IntervalSeconds = training is null ? interval : AbuseIntervalSeconds,
            Speed = training is not null && !isSpeedGiven ? 1 : Speed(parsed.GetValue(speed)!),
            Duration = Duration(parsed.GetValue(duration)),
            Faults = kinds,
            StartUnixMicroseconds = Start(parsed.GetValue(start), training is null ? HistoryDays : 0),
            Host = host,
            Port = port,
            UserName = parsed.GetValue(user),
            Password = parsed.GetValue(password) is { } file ? PasswordFile.Read(file) : null,
        };
    }

    private static int Within(string option, int value, int most) =>
        value >= 1 && value <= most ? value : throw Usage($"{option} {value}: 1 to {most}.");

    private static string Cell(string text) => text == "mixed" || EmulatedCells.Find(text) is not null
        ? text
        : throw Usage($"There is no emulated cell '{text}'; pouchmonitor simulate --list shows them.");

    private static double Speed(string text) => text == "max"
        ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor) && factor is >= 1 and <= 100_000
            ? factor
            : throw Usage($"--speed '{text}': 1 to 100000, or max.");

    private static TimeSpan? Duration(string? text)
    {
        if (text is null)
        {
            return null;
        }

        double hours = text.Length == 0 ? 0 : text[^1] switch { 's' => 1 / 3600.0, 'm' => 1 / 60.0, 'h' => 1, 'd' => 24, _ => 0 };
        return hours > 0 && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number > 0 && number * hours <= LongestDurationHours
            ? TimeSpan.FromHours(number * hours)
            : throw Usage($"--duration '{text}' is not a number above 0 with s, m, h or d, of at most 20 years.");
    }

    private static IReadOnlyList<EmulatedFaultKind> Faults(string? text) => text is null or "" ? [] :
        [.. text.Split(',').Select(word => FleetPlan.FaultNames.TryGetValue(word, out EmulatedFaultKind kind)
            ? kind
            : throw Usage($"--faults '{word}': {string.Join(", ", FleetPlan.FaultNames.Keys)}."))];

    private static long Start(string? text, int daysAgo)
    {
        if (text is null)
        {
            return (DateTimeOffset.UtcNow.AddDays(-daysAgo) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        }

        // From 2001 on, and not so late that no sample could be taken as past.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 1e9 and <= 4e9
            ? (long)Math.Round(seconds * 1e6)
            : throw Usage($"--start '{text}': Unix seconds, 1e9 to 4e9.");
    }

    private static CommandException Usage(string message) => new(message, ExitCodes.Usage);
}
