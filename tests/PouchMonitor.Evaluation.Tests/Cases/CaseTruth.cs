using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>What an emulated cell really did, without noise and without any sensor.</summary>
internal sealed class CaseTruth
{
    private readonly List<double> cycleStartS = [];
    private readonly List<double> dischargedAh = [];
    private readonly Queue<(double TimeS, double Celsius)> lastSecond = new();
    private double initialV = double.NaN;
    private double fastSinceS = double.NaN;
    private double lastS;

    /// <summary>When GB 38031's criterion was met (METHODS: 1 C/s or more for more than 3 s, and 25 % of the voltage or the maximum).</summary>
    public double RunawayS { get; private set; } = double.PositiveInfinity;

    /// <summary>When the fault of the emulated cell came.</summary>
    public double FaultS { get; private set; } = double.PositiveInfinity;

    /// <summary>When half of the voltage was gone.</summary>
    public double HalfVoltageS { get; private set; } = double.PositiveInfinity;

    public double HottestC { get; private set; } = double.NegativeInfinity;

    public double EndS => lastS;

    /// <summary>Start of a cycle (1, 2, ...), seconds; the end of the run for a cycle that never was.</summary>
    public double StartOf(int cycle) => cycle <= cycleStartS.Count ? cycleStartS[cycle - 1] : lastS;

    /// <summary>First cycle below a share of the first, with one of the next two below as well; null for none.</summary>
    public int? CrossingOf(double share)
    {
        bool Below(int index) => index < dischargedAh.Count - 1 && dischargedAh[index] < share * dischargedAh[0];
        for (int i = 1; i < dischargedAh.Count; i++)
        {
            if (Below(i) && (Below(i + 1) || Below(i + 2)))
            {
                return i + 1;
            }
        }

        return null;
    }

    public void Follow(CellOnCycler run, double stepS, double maximumC)
    {
        lastS = run.TimeS;
        int cycle = run.Cycler.Cycle;
        while (cycleStartS.Count < cycle)
        {
            cycleStartS.Add(run.TimeS);
            dischargedAh.Add(0);
        }

        dischargedAh[^1] += Math.Max(0, -run.CurrentA * stepS / 3600);
        HottestC = Math.Max(HottestC, run.SurfaceC);
        initialV = double.IsNaN(initialV) ? run.VoltageV : initialV;
        if (run.ActiveFault != EmulatedFaultKind.None || run.Profile.ShortsAfterCycle <= run.Cell.CompletedCycles)
        {
            FaultS = Math.Min(FaultS, run.TimeS);
            HalfVoltageS = run.VoltageV < 0.5 * initialV ? Math.Min(HalfVoltageS, run.TimeS) : HalfVoltageS;
        }

        lastSecond.Enqueue((run.TimeS, run.SurfaceC));
        while (lastSecond.Count > 1 && lastSecond.Peek().TimeS < run.TimeS - 1.0001)
        {
            lastSecond.Dequeue();
        }

        if (run.TimeS < 1 || double.IsFinite(RunawayS))
        {
            return;
        }

        bool fast = run.SurfaceC - lastSecond.Peek().Celsius >= 1 * (run.TimeS - lastSecond.Peek().TimeS);
        fastSinceS = !fast ? double.NaN : double.IsNaN(fastSinceS) ? run.TimeS : fastSinceS;
        if (run.TimeS - fastSinceS > 3 && (run.VoltageV < 0.75 * initialV || run.SurfaceC >= maximumC))
        {
            RunawayS = run.TimeS;
        }
    }
}
