using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>Many emulated nodes at once, each with its own connection to the broker.</summary>
public sealed class EmulatedBench
{
    private readonly EmulatedNode[] nodes;

    /// <exception cref="ArgumentException">Two nodes have one name, or an option of one is not valid.</exception>
    public EmulatedBench(IEnumerable<EmulatedNodeOptions> options)
    {
        nodes = [.. options.Select(option => new EmulatedNode(option))];
        IGrouping<string, EmulatedNode>? twice =
            nodes.GroupBy(node => node.Options.Node, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException($"Two nodes are named '{twice.Key}'.", nameof(options));
        }
    }

    public IReadOnlyList<EmulatedNode> Nodes => nodes;

    /// <summary>Runs all nodes until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(nodes.Select(node => node.RunAsync(cancellation)));

    /// <summary>
    /// The bench of the demonstration: three improved pouches beside the baseline of each, on the paper's protocol but for
    /// the 0.1 C of the anode-free pair, which would take too long to watch. Within some 60 to 90 seconds of real time one
    /// baseline fades past its limit, one polarizes and one goes into a thermal event.
    /// </summary>
    public static IReadOnlyList<EmulatedNodeOptions> DemoOptions(
        long virtualStartUnixMicroseconds, string host, int port, string? userName = null, string? password = null,
        double acceleration = 10_000, ulong seed = 1)
    {
        CyclerProtocol anodeFree = EmulatedCells.Create("copc-anode-free").Protocol with
        {
            ChargeRateC = 0.4,
            DischargeRateC = 0.4,
            CutoffRateC = 0.05,
        };
        EmulatedFault thermalEvent = new()
        {
            // Slow enough to see the rise in several samples.
            Kind = EmulatedFaultKind.ThermalEvent, AtS = 66 * acceleration, ShortOhm = 0.25,
        };
        return
        [
            Node("n1", "dne-pouch"),
            Node("n2", "dne-pouch-baseline") with { Cycles = 60 },
            Node("n3", "tve-pouch"),
            Node("n4", "tve-pouch-baseline") with { Cycles = 90 },
            Node("n5", "copc-anode-free") with { Protocol = anodeFree },
            Node("n6", "copc-anode-free-baseline") with
            {
                Protocol = anodeFree, Cycles = 70, InjectedFault = thermalEvent, WatchAfterAbort = TimeSpan.FromHours(1000),
            },
        ];

        EmulatedNodeOptions Node(string node, string cell) => new()
        {
            Node = node,
            CellName = cell,
            Protocol = EmulatedCells.Create(cell).Protocol,
            Seed = seed + ((ulong)node[1] * 1000),
            SampleInterval = TimeSpan.FromSeconds(10),
            FrameSampleCount = 60,
            VirtualStartUnixMicroseconds = virtualStartUnixMicroseconds,
            Acceleration = acceleration,
            Cycles = 400,
            Host = host,
            Port = port,
            UserName = userName,
            Password = password,
        };
    }
}
