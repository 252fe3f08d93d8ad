namespace PouchMonitor.Simulation.Tests;

/// <summary>The stack and the surface of an emulated pouch: exact steps, energy kept, the surface behind the stack.</summary>
public sealed class TwoNodeHeatTests(ITestOutputHelper output)
{
    private static readonly EmulatedCellProfile Cell = EmulatedCells.Create("tve-pouch");

    [Fact]
    public void OneLongStep_EqualsManyShortOnes()
    {
        (double core, double surface) = TwoNodeHeat.Advance(Cell, 60, 25, 2, 25, 600);
        (double coreC, double surfaceC) many = (60, 25);
        for (int i = 0; i < 6000; i++)
        {
            many = TwoNodeHeat.Advance(Cell, many.coreC, many.surfaceC, 2, 25, 0.1);
        }

        Assert.Equal(many.coreC, core, 1e-8);
        Assert.Equal(many.surfaceC, surface, 1e-8);
    }

    [Fact]
    public void ShortSteps_FollowTheEquationsOfTheTwoNodes()
    {
        // Explicit Euler at a millisecond, as an independent reading of the two equations.
        double coreJPerK = Cell.HeatCapacityJPerK * (1 - Cell.SurfaceHeatShare);
        double surfaceJPerK = Cell.HeatCapacityJPerK * Cell.SurfaceHeatShare;
        double core = 80;
        double surface = 30;
        for (int i = 0; i < 20_000; i++)
        {
            double through = Cell.CoreConductanceWPerK * (core - surface);
            core += (5 - through) / coreJPerK * 0.001;
            surface += (through - (Cell.HeatLossWPerK * (surface - 20))) / surfaceJPerK * 0.001;
        }

        (double exactCore, double exactSurface) = TwoNodeHeat.Advance(Cell, 80, 30, 5, 20, 20);
        Assert.Equal(core, exactCore, 0.01);
        Assert.Equal(surface, exactSurface, 0.01);
    }

    [Fact]
    public void SteadyHeat_LeavesThroughTheSurfaceAndTheStackStaysWarmer()
    {
        (double core, double surface) = TwoNodeHeat.Advance(Cell, 25, 25, 0.2, 25, 1e6);
        Assert.Equal(25 + (0.2 / Cell.HeatLossWPerK), surface, 1e-9);
        Assert.Equal(surface + (0.2 / Cell.CoreConductanceWPerK), core, 1e-9);
    }

    [Fact]
    public void Runaway_ShowsAtTheSurfaceSecondsAfterTheStack()
    {
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = Cell, Cycles = 5, StepS = 0.1, Seed = 3,
            Fault = new EmulatedFault { Kind = EmulatedFaultKind.ThermalEvent, AtS = 3 * 3600 },
        });
        double coreS = Reach(run, () => run.CoreC, 120);
        double coreWhenHot = run.CoreC;
        double surfaceWhenHot = run.SurfaceC;
        double surfaceS = Reach(run, () => run.SurfaceC, 120);
        output.WriteLine($"stack at 120 C after {coreS:F1} s ({surfaceWhenHot:F0} C at the surface), surface after {surfaceS:F1} s");
        Assert.True(coreWhenHot - surfaceWhenHot > 10);
        Assert.InRange(surfaceS - coreS, 0.5, 60);
    }

    [Fact]
    public void Pauses_InterruptAStepAndChangeNoCapacity()
    {
        CyclerProtocol paused = Cell.Protocol with { PausesPerDay = 20, LongestPauseS = 1200 };
        var with = new CellOnCycler(new CellRunOptions { Profile = Cell, Protocol = paused, Cycles = 3, StepS = 10, Seed = 7 });
        var without = new CellOnCycler(new CellRunOptions { Profile = Cell, Cycles = 3, StepS = 10, Seed = 7 });
        (double chargedAh, double endS) first = Charged(with);
        (double chargedAh, double endS) second = Charged(without);
        output.WriteLine($"{with.PauseCount} pauses, {first.endS - second.endS:F0} s later, {first.chargedAh:F4} and {second.chargedAh:F4} Ah");
        Assert.InRange(with.PauseCount, 5, 100);
        Assert.True(first.endS - second.endS > 60 * with.PauseCount / 2.0);
        Assert.Equal(second.chargedAh, first.chargedAh, 0.005 * second.chargedAh);
    }

    private static double Reach(CellOnCycler run, Func<double> celsius, double limitC)
    {
        double from = 3 * 3600;
        while (celsius() < limitC)
        {
            run.AdvanceTo(Math.Max(run.TimeS, from) + 0.1);
            Assert.True(run.TimeS < from + 3600);
        }

        return run.TimeS - from;
    }

    private static (double ChargedAh, double EndS) Charged(CellOnCycler run)
    {
        double charged = 0;
        while (!run.Cycler.IsOver)
        {
            double before = run.TimeS;
            run.AdvanceTo(run.TimeS + 10);
            charged += Math.Max(0, run.CurrentA) * (run.TimeS - before) / 3600;
        }

        return (charged, run.TimeS);
    }
}
