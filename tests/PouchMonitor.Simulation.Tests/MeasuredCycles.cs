namespace PouchMonitor.Simulation.Tests;

/// <summary>What a cycler would count on an emulated run: charge, discharge and energy of each cycle.</summary>
internal sealed class MeasuredCycles
{
    private MeasuredCycles(List<MeasuredCycle> cycles, CellOnCycler run)
    {
        Cycles = cycles;
        Run = run;
    }

    public IReadOnlyList<MeasuredCycle> Cycles { get; }

    public CellOnCycler Run { get; }

    /// <summary>Discharge capacity of a cycle (from 1) over that of cycle 1.</summary>
    public double Retention(int cycle) => Cycles[cycle - 1].DischargeAh / Cycles[0].DischargeAh;

    public static MeasuredCycles Of(string name, int cycles, double stepS = 5, EmulatedFault? fault = null)
    {
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = EmulatedCells.Create(name), Cycles = cycles, StepS = stepS, Seed = 7, Fault = fault,
        });
        var measured = new List<MeasuredCycle>();
        var open = new MeasuredCycle();
        int cycle = 1;
        for (long step = 1; !run.Cycler.IsOver; step++)
        {
            run.AdvanceTo(step * stepS);
            if (run.Cycler.Cycle != cycle)
            {
                measured.Add(open);
                open = new MeasuredCycle();
                cycle = run.Cycler.Cycle;
            }

            open.Add(run, stepS);
        }

        measured.Add(open);
        return new MeasuredCycles(measured, run);
    }
}

/// <summary>One measured cycle.</summary>
internal sealed class MeasuredCycle
{
    public double ChargeAh { get; private set; }

    public double DischargeAh { get; private set; }

    public double ChargeWh { get; private set; }

    public double DischargeWh { get; private set; }

    public double MaximumC { get; private set; } = double.NegativeInfinity;

    public double Hours { get; private set; }

    public double PolarizationV => (ChargeWh / ChargeAh) - (DischargeWh / DischargeAh);

    public double CoulombicEfficiency => DischargeAh / ChargeAh;

    public void Add(CellOnCycler run, double stepS)
    {
        double ah = run.CurrentA * stepS / 3600;
        ChargeAh += Math.Max(0, ah);
        DischargeAh += Math.Max(0, -ah);
        ChargeWh += Math.Max(0, ah) * run.VoltageV;
        DischargeWh += Math.Max(0, -ah) * run.VoltageV;
        MaximumC = Math.Max(MaximumC, run.SurfaceC);
        Hours += stepS / 3600;
    }
}
