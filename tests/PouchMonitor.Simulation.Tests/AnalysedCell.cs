using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Simulation.Tests;

/// <summary>
/// What the product's own analysis measures on an emulated cell: voltage, current and temperature go in, cycles come out.
/// Nothing of the emulator's own knowledge is used.
/// </summary>
internal static class AnalysedCell
{
    /// <summary>Cycles <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of a life.</summary>
    public static CycleSummary[] Cycles(string name, int first, int count, double finerBy = 4) => [.. Report(name, first, count, finerBy).Cycles];

    /// <summary>Everything the analysis tells of these cycles; they are numbered from 1.</summary>
    public static ReportCollector Report(string name, int first, int count, double finerBy = 4)
    {
        EmulatedCellProfile cell = EmulatedCells.Create(name);
        double stepS = Math.Max(0.1, cell.Protocol.CoarseStepS / finerBy);
        var run = new CellOnCycler(new CellRunOptions
        {
            Profile = cell, Cycles = count, CompletedCycles = first - 1, StepS = stepS, Seed = 11,
        });
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(new CellProfile { Name = "unknown" }, collector);
        for (long step = 1; !run.Cycler.IsOver; step++)
        {
            run.AdvanceTo(step * stepS);
            analysis.Add(SampleOf(run, step));
        }

        analysis.Complete();
        return collector;
    }

    /// <summary>Discharge capacity of one cycle of a life, Ah.</summary>
    public static double CapacityAh(string name, int cycle) => Cycles(name, cycle, 1)[0].DischargeCapacityAh!.Value;

    /// <summary>The same per gram of active cathode, mAh/g.</summary>
    public static double MahPerG(string name, int cycle) => MahPerG(name, CapacityAh(name, cycle));

    public static double MahPerG(string name, double capacityAh) => capacityAh * 1e6 / EmulatedCells.Create(name).ActiveMassMg!.Value;

    private static Sample SampleOf(CellOnCycler run, long number)
    {
        var sample = new Sample
        {
            Number = number, TimeMicroseconds = (long)Math.Round(run.TimeS * 1e6), States = SensorStates.AllAbsent,
        };
        Set(ref sample, SampleColumns.Voltage, run.VoltageV);
        Set(ref sample, SampleColumns.Current, run.CurrentA);
        Set(ref sample, SampleColumns.Surface, run.SurfaceC);
        return sample;
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }
}
