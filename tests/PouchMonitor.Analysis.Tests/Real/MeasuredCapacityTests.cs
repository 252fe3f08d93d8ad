using System.Globalization;
using System.IO.Compression;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Tests.Formats;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Real;

/// <summary>Capacities and polarization of measured series against what their instruments and owners say.</summary>
public sealed class MeasuredCapacityTests
{
    [Fact]
    public void Neware20Cycles_FadeAndPolarizeAsTheInstrumentSays()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("neware_ife_20cyc")).Cycles];

        Assert.Equal(20, cycles.Length);
        double[] counter = NewareCounter();
        Assert.Equal(20, counter.Length);
        for (int i = 0; i < counter.Length; i++)
        {
            Within(counter[i], cycles[i].DischargeCapacityAh, 0.0015);
        }

        Within(0.33067, cycles[0].DischargeCapacityAh, 0.0015);
        Within(0.26320, cycles[19].DischargeCapacityAh, 0.0015);
        Assert.Equal(CycleQuality.Partial, cycles[0].Quality);
        Assert.InRange(cycles[0].CoulombicEfficiency!.Value, 14.5, 14.8);
        Assert.All(cycles.Skip(1), cycle => Assert.Equal(CycleQuality.Complete, cycle.Quality));
        Assert.Equal(0.3655, cycles[2].PolarizationV!.Value, 0.0015);
        Assert.Equal(0.3762, cycles[19].PolarizationV!.Value, 0.0015);
    }

    [Fact]
    public void Nasa168Discharges_AgreeWithTheOwnersReference()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("nasa_b0005")).Cycles];
        double[] owners = [.. RealSeries.Table("nasa_b0005_reference.csv").Skip(1).Select(row => Number(row[3]))];

        Assert.Equal(168, owners.Length);
        Assert.Equal(168, cycles.Length);
        for (int i = 0; i < owners.Length; i++)
        {
            Within(owners[i], cycles[i].DischargeCapacityAh, 0.0045);
        }
    }

    [Fact]
    public void Nasa_MaximumTemperatureIsTheOwners()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("nasa_b0005")).Cycles];
        double[] owners = [.. RealSeries.Table("nasa_b0005_reference.csv").Skip(1).Select(row => Number(row[6]))];

        for (int i = 0; i < owners.Length; i++)
        {
            Assert.Equal(owners[i], cycles[i].MaxTemperatureC!.Value, 0.01);
        }
    }

    [Fact]
    public void Lgm50_TenthRateDischargeIsTheOwnersFigure()
    {
        ReportCollector report = Runs.Whole(RealSeries.Load("lgm50_rpt0"));

        Within(4.81367, report.Cycles.First().DischargeCapacityAh, 0.001);
    }

    [Fact]
    public void Lgm50_FirstStepGivesTheTrueInitialResistance()
    {
        ReportCollector report = Runs.Whole(RealSeries.Load("lgm50_rpt0"));

        // (3.6616921 - 3.6193986) / 1.4994286, and not the 0.08 mOhm from the last record without current.
        Assert.Equal((3.6616921 - 3.6193986) / 1.4994286, report.Pulses[0].R0Ohm!.Value, 1e-5);
        Assert.Equal(28.2e-3, report.Pulses[0].R0Ohm!.Value, 0.05e-3);
        Assert.Equal(3, report.Pulses.Count);
    }

    [Fact]
    public void Arbin_HasEighteenCyclesThatAgreeWithItsCounters()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("arbin_li_si_halfcell_45cc")).Cycles];
        double?[] file = RealSeries.Column("arbin_li_si_halfcell_45cc", row => row.InstrumentCycle);
        double?[] counter = RealSeries.Column("arbin_li_si_halfcell_45cc", row => row.InstrumentDischargeCapacityAh);

        Assert.Equal(18, cycles.Length);
        for (int cycle = 1; cycle <= 18; cycle++)
        {
            // The instrument opens its cycles with the discharge too, so its numbers are ours on that half.
            double?[] own = [.. counter.Where((_, row) => file[row] == cycle)];
            Within((own.Max() - own.Min())!.Value, cycles[cycle - 1].DischargeCapacityAh, 0.002);
        }
    }

    [Fact]
    public void CoinCell_AgreesWithCountersThatResetEachStep()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("nda_nw4-120-6-1-36")).Cycles];
        double?[] file = RealSeries.Column("nda_nw4-120-6-1-36", row => row.InstrumentStep);
        double?[] counter = RealSeries.Column("nda_nw4-120-6-1-36", row => row.InstrumentDischargeCapacityAh);
        double?[] steps = [.. file.Distinct().Select(step => counter.Where((_, row) => file[row] == step).Max()).Where(c => c > 0.001)];

        Assert.Equal(steps.Length, cycles.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            Within(steps[i]!.Value, cycles[i].DischargeCapacityAh, 0.002);
        }
    }

    [Theory]
    [InlineData("dmegc_r1_ref_data", 2.5274)]
    [InlineData("dmegc_r1_rt_c_2_data", 2.5729)]
    [InlineData("dmegc_r1_pulse_data", 2.38315)]
    public void SingleDischarge_IsOneCycleWithoutCharge(string name, double counterAh)
    {
        CycleSummary cycle = Assert.Single(Runs.Whole(RealSeries.Load(name)).Cycles);

        Assert.Equal(1, cycle.Index);
        Assert.Null(cycle.ChargeCapacityAh);
        Assert.Null(cycle.CoulombicEfficiency);
        Assert.Equal(CycleQuality.Partial, cycle.Quality);
        Within(counterAh, cycle.DischargeCapacityAh, 0.001);
    }

    [Fact]
    public void ThinnedMaccorFile_GivesNoCapacityAcrossItsGaps()
    {
        CycleSummary[] cycles = [.. Runs.Whole(RealSeries.Load("beep_maccor_prediag412")).Cycles];

        Assert.All(cycles, cycle => Assert.True(cycle.ChargeCapacityAh is null or < 5.2, $"cycle {cycle.Index}"));
        Assert.All(cycles, cycle => Assert.True(cycle.DischargeCapacityAh is null or < 5.2, $"cycle {cycle.Index}"));
        Assert.Equal(CycleQuality.Complete, cycles[1].Quality);
        Within(4.708775, cycles[1].DischargeCapacityAh, 0.001);
        Assert.All(cycles.Skip(2), cycle => Assert.Equal(CycleQuality.Gapped, cycle.Quality));
        Assert.All(cycles.Skip(2), cycle => Assert.Null(cycle.CoulombicEfficiency));
    }

    /// <summary>Discharge capacity of each cycle as the instrument wrote it beside its records.</summary>
    private static double[] NewareCounter()
    {
        using var reader = new StreamReader(new GZipStream(
            File.OpenRead(RecordedData.PathOf("raw/nw_regular_export_ife_example.csv.gz")), CompressionMode.Decompress));
        var counter = new List<double>();
        while (reader.ReadLine() is string line)
        {
            if (line.Length > 0 && char.IsAsciiDigit(line[0]))
            {
                counter.Add(Number(line.Split(',')[2]));
            }
        }

        return [.. counter];
    }

    private static void Within(double expected, double? actual, double relative)
    {
        Assert.NotNull(actual);
        Assert.True(
            Math.Abs((actual.Value / expected) - 1) <= relative,
            string.Create(CultureInfo.InvariantCulture, $"{actual} is {100 * ((actual / expected) - 1):0.###} % off {expected}, allowed {100 * relative} %"));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
