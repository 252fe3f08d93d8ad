namespace PouchMonitor.Simulation.Tests;

/// <summary>The equations, one at a time.</summary>
public sealed class CellPhysicsTests(ITestOutputHelper output)
{
    private static readonly EmulatedCellProfile Cell = EmulatedCells.Create("dne-pouch");

    [Fact]
    public void CurrentStep_MovesTheVoltageByTheOhmicResistanceAtOnceAndTheRestLater()
    {
        CellState rest = CellPhysics.Fresh(Cell, 25, 0.5);
        CellState first = CellPhysics.Advance(Cell, rest, -0.5, 1e-3, 25);
        Assert.Equal(0.5 * Cell.OhmicResistanceOhm, rest.TerminalV - first.TerminalV, 1e-4);

        CellState later = CellPhysics.Advance(Cell, rest, -0.5, 3600 * 0.2, 25);
        double drop = Cell.OpenCircuit.VoltsAt(later.StateOfCharge) - later.TerminalV;
        double expected = 0.5 * (Cell.OhmicResistanceOhm + Cell.FastResistanceOhm + (Cell.SlowResistanceOhm * (1 - Math.Exp(-720 / 600.0))));
        Assert.Equal(expected, drop, 1e-6);
    }

    [Fact]
    public void ManySmallSteps_AreOneLargeStep()
    {
        CellState start = CellPhysics.Fresh(Cell, 25, 0.5);
        CellState small = start;
        for (int i = 0; i < 60; i++)
        {
            small = CellPhysics.Advance(Cell, small, -1, 1, 25);
        }

        CellState large = CellPhysics.Advance(Cell, start, -1, 60, 25);
        Assert.Equal(large.RemainingAh, small.RemainingAh, 1e-12);
        Assert.Equal(large.TerminalV, small.TerminalV, 1e-6);
    }

    [Fact]
    public void HeldVoltage_IsReachedAtTheEndOfTheStep()
    {
        CellState state = CellPhysics.Fresh(Cell, 25, 0.9);
        double current = CellPhysics.CurrentForVoltage(Cell, state, 4.3, 1);
        CellState next = CellPhysics.Advance(Cell, state, current, 1, 25);
        Assert.Equal(4.3, next.TerminalV, 5e-4);
    }

    [Fact]
    public void SteadyLoad_WarmsByItsHeatOverTheLoss()
    {
        CellState state = CellPhysics.Fresh(Cell, 25, 0.9);
        for (int i = 0; i < 3600; i++)
        {
            state = CellPhysics.Advance(Cell, state, -0.5, 1, 25);
        }

        double watts = 0.25 * Cell.TotalResistanceOhm(0);
        output.WriteLine($"{watts * 1000:F1} mW warm by {state.SurfaceC - 25:F2} K");
        Assert.Equal(25 + (watts / Cell.HeatLossWPerK), state.SurfaceC, 0.02);
    }

    [Fact]
    public void Charging_StoresLessThanItTakesByTheAcceptance()
    {
        CellState before = CellPhysics.Fresh(Cell, 25, 0.5);
        CellState after = CellPhysics.Advance(Cell, before, 1, 360, 25);
        Assert.Equal(0.1 * Cell.ChargeAcceptance, after.RemainingAh - before.RemainingAh, 1e-12);
    }

    [Theory]
    [InlineData(0.49, 0)]
    [InlineData(0.50, 1)]
    [InlineData(0.51, 1)]
    public void Cycle_CountsOnceHalfTheCapacityWasTakenOut(double share, int expected)
    {
        CellState state = CellPhysics.Fresh(Cell, 25, 0.9) with { DischargedSinceChargeAh = share * Cell.FullCapacityAh(0) };
        state = CellPhysics.Advance(Cell, state, 0.1, 1, 25);
        Assert.Equal(expected, state.CompletedCycles);
        Assert.Equal(0, state.DischargedSinceChargeAh);
    }

    [Fact]
    public void SoftShort_DrainsAtRestWithoutHeatAnyoneWouldNotice()
    {
        CellState state = CellPhysics.Fresh(Cell, 25, 0.8);
        CellState leaking = state;
        for (int i = 0; i < 7200; i++)
        {
            state = CellPhysics.Advance(Cell, state, 0, 1, 25);
            leaking = CellPhysics.Advance(Cell, leaking, 0, 1, 25, shortOhm: 40);
        }

        Assert.Equal(0.8, state.StateOfCharge, 1e-9);
        Assert.InRange((state.RemainingAh - leaking.RemainingAh) * 1000, 180, 220);
        Assert.True(leaking.TerminalV < state.TerminalV - 0.05);
        Assert.True(leaking.SurfaceC < 40);
    }

    [Fact]
    public void ThermalEvent_CollapsesHeatsFasterThan1KPerSecondForMoreThan3SecondsAndCoolsAgain()
    {
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = Cell, Cycles = 5, StepS = 0.1, Seed = 3,
            Fault = new EmulatedFault { Kind = EmulatedFaultKind.ThermalEvent, AtS = 3 * 3600 },
        });
        run.AdvanceTo((3 * 3600) - 1);
        double before = run.VoltageV;
        double hottest = 0;
        int fastSeconds = 0;
        for (int second = 0; second < 600; second++)
        {
            double earlier = run.SurfaceC;
            run.AdvanceTo((3 * 3600) + second);
            hottest = Math.Max(hottest, run.SurfaceC);
            fastSeconds += run.SurfaceC - earlier >= 1 ? 1 : 0;
        }

        double collapsed = run.VoltageV;
        run.AdvanceTo(6 * 3600);
        output.WriteLine($"{before:F2} V -> {collapsed:F2} V, {fastSeconds} s at 1 K/s or more, hottest {hottest:F0} C, {run.SurfaceC:F1} C after 3 h");
        Assert.True(collapsed < 0.75 * before);
        Assert.True(fastSeconds > 3);

        // Fully charged: what it stores would heat it by some 900 K if nothing were lost.
        Assert.InRange(hottest, 80, 800);
        Assert.InRange(run.SurfaceC, 20, 30);
        Assert.Equal(CyclerPhase.Aborted, run.Cycler.Phase);
    }

    [Fact]
    public void WhatItGivesAtATime_DoesNotDependOnHowOftenItWasAsked()
    {
        CellOnCycler often = Run();
        CellOnCycler once = Run();
        for (int i = 0; i < 100_000; i += 7)
        {
            often.AdvanceTo(i);
        }

        often.AdvanceTo(100_000);
        once.AdvanceTo(100_000);
        Assert.Equal(once.Cell, often.Cell);
        Assert.Equal(once.AmbientC, often.AmbientC);

        static CellOnCycler Run() => new(new CellRunOptions { Profile = Cell, Cycles = 10, Seed = 11 });
    }

    [Fact]
    public void Varied_StaysWithinWhatIsSaidAndFollowsTheSeed()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            EmulatedCellProfile varied = EmulatedCells.Varied(Cell, seed);
            Assert.InRange(varied.NominalCapacityAh, 0.98, 1.02);
            Assert.InRange(varied.OhmicResistanceOhm / Cell.OhmicResistanceOhm, 0.9, 1.1);
            Assert.InRange(varied.AmbientC, 23, 27);
            Assert.Equal(varied, EmulatedCells.Varied(Cell, seed));
        }
    }

    [Fact]
    public void OpenCircuit_RisesEverywhereAndIsItsOwnInverse()
    {
        foreach (string name in EmulatedCells.Names)
        {
            OpenCircuitCurve curve = EmulatedCells.Create(name).OpenCircuit;
            for (int i = 0; i < 1000; i++)
            {
                double x = i / 1000.0;
                Assert.True(curve.VoltsAt(x + 0.001) > curve.VoltsAt(x), $"{name} at {x}");
                Assert.Equal(x, curve.StateOfChargeAt(curve.VoltsAt(x)), 1e-6);
            }

            Assert.Equal(0, curve.StateOfChargeAt(0));
            Assert.Equal(1, curve.StateOfChargeAt(9));
        }
    }
}
