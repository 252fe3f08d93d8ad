using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Measures;

/// <summary>Resistance from a current step of a made-up cell of 0.1 Ohm.</summary>
public sealed class PulseTests
{
    [Fact]
    public void TenHertzPulse_GivesEveryResistance()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 0.1, CapacityAh = 1000 }.Rest(60).Discharge(2, 40).Rest(60);

        PulseResistance pulse = Assert.Single(Runs.Whole(trace.ToArray()).Pulses);

        Assert.Equal(60.1, pulse.TimeMicroseconds / 1e6, 1e-6);
        Assert.Equal(-2, pulse.CurrentA);
        Assert.Equal(0.1, pulse.R0Ohm!.Value, 1e-5);
        Assert.Equal(0.1, pulse.R1sOhm!.Value, 1e-5);
        Assert.Equal(0.1, pulse.R10sOhm!.Value, 1e-4);
        Assert.Equal(0.1, pulse.R18sOhm!.Value, 1e-4);
        Assert.Equal(0.1, pulse.R30sOhm!.Value, 1e-4);
    }

    [Fact]
    public void LastRecordAtRestThatCarriesTheJump_IsNotTakenForTheVoltageBefore()
    {
        CellTrace trace = new CellTrace { CapacityAh = 1000 }.Rest(60);
        double rest = trace.Samples[^1].Values[0];
        trace.TimeSeconds += 1.1;
        trace.Record(rest - 0.2, 0);
        trace.TimeSeconds += 0.002;
        trace.Record(rest - 0.2, -2).Discharge(2, 40);

        Assert.Equal(0.1, Assert.Single(Runs.Whole(trace.ToArray()).Pulses).R0Ohm!.Value, 1e-5);
    }

    [Fact]
    public void SlowSampling_LeavesNullWhatItCannotDefine()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 10, CapacityAh = 1000 }.Rest(600).Discharge(2, 120).Rest(60);

        PulseResistance pulse = Assert.Single(Runs.Whole(trace.ToArray()).Pulses);

        Assert.Null(pulse.R0Ohm);
        Assert.Null(pulse.R1sOhm);
        Assert.Null(pulse.R10sOhm);
        Assert.Equal(0.1, pulse.R30sOhm!.Value, 1e-3);
    }

    [Fact]
    public void ShortPulse_GivesWhatItReached()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 0.1, CapacityAh = 1000 }.Rest(60).Discharge(2, 12).Rest(60);

        PulseResistance pulse = Assert.Single(Runs.Whole(trace.ToArray()).Pulses);

        Assert.NotNull(pulse.R10sOhm);
        Assert.Null(pulse.R18sOhm);
        Assert.Null(pulse.R30sOhm);
    }

    [Fact]
    public void EdgeCurrentThatOvershoots_IsPassedOverForTheInitialResistance()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 0.1, CapacityAh = 1000 }.Rest(60);
        trace.Discharge(2.5, 0.1).Discharge(2, 40).Rest(10);
        trace.Spoil(600, 0, trace.Samples[599].Values[0] - 0.9);

        Assert.Equal(0.1, Assert.Single(Runs.Whole(trace.ToArray()).Pulses).R0Ohm!.Value, 1e-4);
    }
}
