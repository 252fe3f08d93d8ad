using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation;

namespace PouchMonitor.Cli.Simulate;

/// <summary>
/// Which emulated nodes a run has: their names, cells, differences from piece to piece and faults. All of it follows from
/// the seed, so that one line of figures repeats a run; only the boots are drawn anew, as those of real nodes are.
/// </summary>
internal sealed partial class FleetPlan
{
    /// <summary>Most nodes of one process.</summary>
    public const int MostNodes = 1000;

    /// <summary>Most channels of one node.</summary>
    public const int MostChannels = 4;

    // What happens to a programme in a laboratory: somebody opens the chamber every other day.
    private const double PausesPerDay = 0.5;

    // Cells long enough to be watched; the coin cells of the catalogue are over within minutes.
    private const string PouchMark = "pouch";
    private const string MixedCells = "mixed";

    public required int Nodes { get; init; }

    public required int Channels { get; init; }

    /// <summary>Name of an emulated cell, or <c>mixed</c> for all pouches in turn.</summary>
    public required string Cell { get; init; }

    /// <summary>Start of the nodes' names.</summary>
    public required string Prefix { get; init; }

    public required ulong Seed { get; init; }

    public required int Cycles { get; init; }

    public required double IntervalSeconds { get; init; }

    /// <summary>Virtual seconds in one; infinite for as many as the broker takes.</summary>
    public required double Speed { get; init; }

    /// <summary>Virtual length of the run; null for until the programmes are over.</summary>
    public required TimeSpan? Duration { get; init; }

    public required IReadOnlyList<EmulatedFaultKind> Faults { get; init; }

    public required long StartUnixMicroseconds { get; init; }

    /// <summary>What is done to the first cell; null for nothing.</summary>
    public AbuseTraining? Abuse { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Faults by name, as on the command line.</summary>
    public static IReadOnlyDictionary<string, EmulatedFaultKind> FaultNames { get; } = Enum.GetValues<EmulatedFaultKind>()
        .Where(kind => kind != EmulatedFaultKind.None)
        .ToDictionary(kind => WordStart().Replace(kind.ToString(), "-$0").ToLowerInvariant().TrimStart('-'), StringComparer.Ordinal);

    /// <summary>The nodes; always the same for the same plan.</summary>
    public IReadOnlyList<EmulatedNodeOptions> Options()
    {
        string[] cells = Cell == MixedCells
            ? [.. EmulatedCells.Names.Where(name => name.Contains(PouchMark, StringComparison.Ordinal))]
            : [Cell];
        Dictionary<int, EmulatedFault> faults = FaultsByPlace();
        return
        [
            .. Enumerable.Range(0, Nodes).Select(node => NodeOf(node, cells, faults))
                .Select((node, i) => i == 0 && Abuse is { } abuse ? abuse.Apply(node) : node),
        ];
    }

    private EmulatedNodeOptions NodeOf(int node, string[] cells, Dictionary<int, EmulatedFault> faults)
    {
        string name = Nodes == 1 ? Prefix : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{node + 1}");
        EmulatedCellOptions[] places = [.. Enumerable.Range(0, Channels).Select(channel =>
        {
            int place = (node * Channels) + channel;
            string cell = cells[place % cells.Length];
            return new EmulatedCellOptions
            {
                CellName = cell,
                Label = string.Create(CultureInfo.InvariantCulture, $"{name}.{channel + 1}"),
                Seed = Draw((ulong)place + 1),
                Protocol = EmulatedCells.Create(cell).Protocol with { PausesPerDay = PausesPerDay },
                InjectedFault = faults.GetValueOrDefault(place),
            };
        })];
        return new EmulatedNodeOptions
        {
            Node = name,
            CellName = places[0].CellName,
            Label = places[0].Label,
            Seed = places[0].Seed,
            Protocol = places[0].Protocol,
            InjectedFault = places[0].InjectedFault,
            MoreCells = places[1..],
            IsVaried = true,
            SampleInterval = TimeSpan.FromSeconds(IntervalSeconds),
            VirtualStartUnixMicroseconds = StartUnixMicroseconds,
            Acceleration = Speed,
            Cycles = Cycles,
            EndsAfter = Duration,

            Host = Host,
            Port = Port,
            UserName = UserName ?? (Password is null ? null : name),
            Password = Password,
        };
    }

    /// <summary>Each fault on a place of its own, in the middle half of the run.</summary>
    private Dictionary<int, EmulatedFault> FaultsByPlace()
    {
        SeededNoise noise = new(Draw(0));
        int[] places = [.. Enumerable.Range(0, Nodes * Channels).Select(place => (place, key: noise.NextBits()))
            .OrderBy(pair => pair.key).Select(pair => pair.place)];
        Dictionary<int, EmulatedFault> faults = [];
        for (int i = 0; i < Faults.Count; i++)
        {
            EmulatedCellProfile profile = EmulatedCells.Create(Cell == MixedCells ? "dne-pouch" : Cell);
            double lengthS = Duration?.TotalSeconds
                ?? Cycles * 3600 * ((1 / profile.Protocol.ChargeRateC) + (1 / profile.Protocol.DischargeRateC));
            faults[places[i]] = new EmulatedFault { Kind = Faults[i], AtS = lengthS * (0.25 + (0.5 * noise.NextUnit())) };
        }

        return faults;
    }

    private ulong Draw(ulong index) => new SeededNoise(Seed ^ (index * 0x9E37_79B9_7F4A_7C15)).NextBits();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WordStart();
}
