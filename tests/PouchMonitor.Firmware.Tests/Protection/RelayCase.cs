using PouchMonitor.Firmware.Protection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>What holds the node up around the onset.</summary>
internal enum Stall
{
    None = 0,

    /// <summary>Another thread keeps the processor for up to 20 ms each time a sample is due.</summary>
    Quantum,

    /// <summary>A handshake of 0.5 to 3 s.</summary>
    Handshake,

    /// <summary>One or two transfers that find the bus stuck, a second each.</summary>
    StuckBus,

    /// <summary>A sector that takes 400 ms to erase.</summary>
    Flash,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>What became of one case; times in microseconds.</summary>
/// <param name="Cause">Why the relay opened.</param>
/// <param name="DelayMicroseconds">From the true crossing to open contacts.</param>
/// <param name="RunningMicroseconds">The same without what the stalls took in between: the time in which the program could act.</param>
/// <param name="AfterStallMicroseconds">From the crossing, or the end of the last stall after it but for quanta, to open contacts.</param>
internal sealed record RelayOutcome(
    Stall Stall, ProtectionCause Expected, ProtectionCause Cause, int Channels, long DelayMicroseconds, long RunningMicroseconds,
    long AfterStallMicroseconds)
{
    /// <summary>A bus that was stuck twice in a row has lost its sensors by then, which is as good a reason.</summary>
    public bool IsRightCause => Cause == Expected || (Cause == ProtectionCause.SensorLoss && Stall is Stall.StuckBus or Stall.All);
}

/// <summary>One seeded case: a node armed on up to four channels, one of which goes beyond one limit at one instant.</summary>
internal static class RelayCase
{
    private static readonly ProtectionCause[] Causes =
    [
        ProtectionCause.OverVoltage, ProtectionCause.UnderVoltage, ProtectionCause.OverChargeCurrent,
        ProtectionCause.OverDischargeCurrent, ProtectionCause.OverTemperature, ProtectionCause.UnderTemperature,
        ProtectionCause.HeatingRate,
    ];

    public static RelayOutcome Play(ulong seed)
    {
        SeededNoise dice = new(seed);
        Stall stall = (Stall)(seed % 6);
        ProtectionCause cause = Causes[dice.NextBits() % (ulong)Causes.Length];
        int channels = 1 + (int)(dice.NextBits() % 4);
        int victim = (int)(dice.NextBits() % (ulong)channels);
        bool hasQuanta = stall is Stall.Quantum or Stall.All;
        RelayBench bench = new(channels, quantumSeed: hasQuanta ? seed : null);
        bench.Link.IsReachable = stall is not (Stall.Handshake or Stall.All);
        bench.Board.Flash.EraseMicroseconds = 0;
        bench.Arm(TestKind.Cycling);

        List<(long Start, long End, bool IsQuantum)> stalls = [];
        void Record(long took, bool isQuantum) => stalls.Add((bench.Now - took, bench.Now, isQuantum));
        bench.Run.OnQuantum = kept => Record(kept, true);
        bench.Link.Shaken = took => Record(took, false);
        bench.Board.Bus.HeldUp = () => Record(1_000_000, false);

        long start = bench.Now;
        long onset = start + (long)(dice.NextUnit() * (stall is Stall.Handshake or Stall.All ? 4_000_000 : 600_000));
        Step(bench.Cells[victim], cause, onset, dice);
        long stuckAt = stall is Stall.StuckBus or Stall.All ? onset - 200_000 + (long)(dice.NextUnit() * 300_000) : long.MaxValue;
        long flashAt = stall is Stall.Flash or Stall.All ? onset - 450_000 + (long)(dice.NextUnit() * 550_000) : long.MaxValue;
        bench.Link.HandshakeMicroseconds = 500_000 + (long)(dice.NextUnit() * 2_500_000);
        bench.Link.IsReachable = true;
        byte[] sector = new byte[16];
        bench.Run.OnTurn = () =>
        {
            if (bench.Now >= stuckAt)
            {
                stuckAt = long.MaxValue;
                bench.Board.Bus.StuckTransfers = 1 + (int)(dice.NextBits() % 2);
            }

            if (bench.Now >= flashAt)
            {
                flashAt = long.MaxValue;
                long before = bench.Now;
                bench.Board.Flash.EraseMicroseconds = 400_000;
                bench.Board.Flash.Write("other", sector, sector.Length);
                bench.Board.Flash.EraseMicroseconds = 0;
                Record(bench.Now - before, false);
            }
        };
        long patience = onset + 9_000_000;
        while (bench.Node.Protection[victim].State == ProtectionState.Armed && bench.Now < patience)
        {
            bench.Run.RunUntil(bench.Now + 20_000);
        }

        long opened = bench.Board.Lines.IsRelayClosed(victim) ? long.MaxValue : bench.Board.Lines.OpenedMicroseconds(victim);
        long stalled = 0;
        long lastEnd = onset;
        foreach ((long from, long to, bool isQuantum) in stalls)
        {
            stalled += Math.Max(0, Math.Min(to, opened) - Math.Max(from, onset));
            lastEnd = !isQuantum && to <= opened ? Math.Max(lastEnd, to) : lastEnd;
        }

        return new RelayOutcome(
            stall, cause, bench.Node.Protection[victim].Cause, channels, opened - onset, opened - onset - stalled, opened - lastEnd);
    }

    private static void Step(ScriptedCell cell, ProtectionCause cause, long onset, SeededNoise dice)
    {
        // From barely beyond the limit to far beyond it.
        double far = dice.NextUnit();
        cell.OnsetMicroseconds = onset;
        switch (cause)
        {
            case ProtectionCause.OverVoltage: cell.ToVoltageV = 4.3503 + (far * 0.5); break;
            case ProtectionCause.UnderVoltage: cell.ToVoltageV = 2.4997 - (far * 2.4); break;
            case ProtectionCause.OverChargeCurrent: cell.ToCurrentA = 1.0002 + (far * 2); break;
            case ProtectionCause.OverDischargeCurrent: cell.ToCurrentA = -1.5002 - (far * 2); break;
            case ProtectionCause.OverTemperature when far > 0.5: cell.ToSurfaceC = 60.1 + (far * 60); break;
            case ProtectionCause.OverTemperature: cell.ToInfraredC = 60.1 + (far * 400); break;
            case ProtectionCause.UnderTemperature: cell.ToSurfaceC = -10.1 - (far * 20); break;
            default: cell.ToInfraredC = 28.5 + (far * 20); break;
        }
    }
}
