using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Formats;
using PouchMonitor.Formats.Counters;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Instrument counters of every way of counting, against what is counted here.</summary>
public sealed class CounterTests
{
    public enum Way
    {
        /// <summary>Charge and discharge run on over the whole test.</summary>
        Accumulating,

        /// <summary>Charge and discharge restart with each step.</summary>
        PerStep,

        /// <summary>One counter without a direction restarts with each step.</summary>
        Undirected,

        /// <summary>One counter falls in discharge.</summary>
        Net,

        /// <summary>The same under the name of charge.</summary>
        NetUnderCharge,
    }

    [Theory]
    [InlineData(Way.Accumulating)]
    [InlineData(Way.PerStep)]
    [InlineData(Way.Undirected)]
    [InlineData(Way.Net)]
    [InlineData(Way.NetUnderCharge)]
    public void EveryWayOfCounting_GivesTheSameHalfCycles(Way way)
    {
        InstrumentCounters counters = Compare(Test(way, factor: 1))!;
        Assert.Equal(6, counters.Compared.Count);
        Assert.Empty(counters.Excepted);
        Assert.All(counters.Compared, half => Assert.InRange(half.DifferencePercent, -0.02, 0.02));
        Assert.All(counters.Compared, half => Assert.Equal(1.002983, half.CounterAh, 1e-5));
    }

    [Fact]
    public void CounterThatIsOff_IsReportedByThatMuch()
    {
        InstrumentCounters counters = Compare(Test(Way.PerStep, factor: 1.01))!;
        Assert.Equal(100 * ((1 / 1.01) - 1), counters.Worst!.DifferencePercent, 0.02);
        Assert.Equal(100 * (1 - (1 / 1.01)), counters.MedianPercent!.Value, 0.02);
    }

    [Fact]
    public void CoarseCurrent_IsNamed_AndLeftOut()
    {
        InstrumentCounters counters = Compare(Test(Way.PerStep, factor: 1, scale: 0.000_25))!;
        Assert.Empty(counters.Compared);
        Assert.Equal(6, counters.Excepted.Count);
        Assert.Equal("the current is given in steps of 1e-06 A, coarser than 0.1 % of its 0.000251 A", counters.Excepted[0].Reason);
    }

    [Fact]
    public void SeriesWithoutCounters_HasNoComparison() => Assert.Null(Compare("time_s,voltage_V,current_A\n0,4,1\n1,4,1\n"));

    [Fact]
    public void RunsBeyondTheBound_AreCounted()
    {
        var log = new CounterLog(mostRuns: 2);
        InstrumentCounters counters = Compare(Test(Way.PerStep, factor: 1), log)!;
        Assert.True(counters.DroppedRunCount > 0);
    }

    /// <summary>
    /// Every series with counters: median 0.05 % or less, maximum 0.3 %. The Landt file gives its current in steps of 0.1 mA beside
    /// 0.2 mA and is named.
    /// </summary>
    [Theory]
    [InlineData("series/arbin_li_si_halfcell_45cc.csv.gz", 35, 0)]
    [InlineData("series/bdf_li_gr_r2032.csv.gz", 0, 3)]
    [InlineData("series/beep_maccor_prediag412.csv.gz", 4, 640)]
    [InlineData("series/dmegc_r1_pulse_data.csv.gz", 1, 0)]
    [InlineData("series/dmegc_r1_ref_data.csv.gz", 1, 0)]
    [InlineData("series/dmegc_r1_rt_c_2_data.csv.gz", 1, 0)]
    [InlineData("series/lgm50_rpt0.csv.gz", 3, 0)]
    [InlineData("series/nda_nw4-120-6-1-36.csv.gz", 10, 0)]
    [InlineData("series/neware_ife_20cyc.csv.gz", 40, 0)]
    [InlineData("series/neware_uio_halfcell.csv.gz", 10, 0)]
    [InlineData("raw/20260302_IFE_BTS85_2_9_8_1.ndax", 1, 0)]
    [InlineData("raw/PreDiag_000412_00008Fshort.022.gz", 4, 640)]
    [InlineData("raw/maccor_002.txt.gz", 4, 0)]
    [InlineData("raw/neware_uio.csv.gz", 10, 0)]
    [InlineData("raw/nw_regular_export_ife_example.csv.gz", 40, 0)]
    public void MeasuredSeries_AgreeWithTheirCounters(string file, int compared, int excepted)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf(file));
        InstrumentCounters counters = Compare(reader, new CounterLog())!;
        Assert.Equal((compared, excepted), (counters.Compared.Count, counters.Excepted.Count));
        Assert.True(counters.MedianPercent is null or <= 0.05, $"median {counters.MedianPercent} %");
        Assert.True(counters.Worst is null || Math.Abs(counters.Worst.DifferencePercent) <= 0.3, $"{counters.Worst}");
    }

    private static InstrumentCounters? Compare(string text) => Compare(text, new CounterLog());

    private static InstrumentCounters? Compare(string text, CounterLog log)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x");
        return Compare(reader, log);
    }

    private static InstrumentCounters? Compare(RecordedSeriesReader reader, CounterLog log)
    {
        var samples = new List<Sample>();
        var row = new RecordedRow();
        Sample sample = default;
        while (reader.TryRead(row))
        {
            row.CopyTo(ref sample);
            samples.Add(sample);
            log.Add(row);
        }

        return log.Compare(Runs.Whole([.. samples]).Cycles.ToList(), CellKind.Full);
    }

    /// <summary>Three cycles of 1 Ah each way at 1 A in records of 10 s with rests between, the counter in one of its ways.</summary>
    private static string Test(Way way, double factor, double scale = 1)
    {
        string header = way switch
        {
            Way.Net => "Test Time/s\tU/V\tI/A\tStep\tNet/Ah\n",
            Way.Undirected => "Test Time/s\tU/V\tI/A\tStep\tCap/Ah\n",
            _ => "time_s,voltage_V,current_A,step,charge_capacity_Ah,discharge_capacity_Ah\n",
        };
        if (way is Way.Net or Way.Undirected)
        {
            // Formats with such counters: Novonix and Maccor.
            header = way == Way.Net
                ? "Run Time (h),Potential (V),Current (A),Step Number,Capacity (Ah)\n"
                : "Rec#\tTest (Sec)\tVolts\tAmps\tStep\tAmp-hr\tState\tES\n";
        }

        var text = new StringBuilder(header);
        int time = 0;
        double charged = 0;
        double discharged = 0;
        for (int step = 1; step <= 12; step++)
        {
            int direction = step % 2 == 1 ? 0 : step % 4 == 2 ? 1 : -1;
            double inStep = 0;
            for (int i = 0; i < (direction == 0 ? 30 : 360); i++)
            {
                time += 10;
                double current = direction * scale * (1 + (0.001 * (i % 7)));
                double flowed = factor * Math.Abs(current) * 10 / 3600;
                inStep += flowed;
                charged += direction > 0 ? flowed : 0;
                discharged += direction < 0 ? flowed : 0;
                double volts = 3.7 + (direction * 0.0005 * i);
                Line(text, way, time, volts, current, step, direction, inStep, charged, discharged);
            }
        }

        return text.ToString();
    }

    private static void Line(
        StringBuilder text, Way way, int time, double volts, double current, int step, int direction, double inStep, double charged, double discharged)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        string state = direction > 0 ? "C" : direction < 0 ? "D" : "R";
        string amperes = current.ToString("F6", plain);
        text.Append(way switch
        {
            Way.Accumulating => string.Create(plain, $"{time},{volts:F4},{amperes},{step},{charged:F9},{discharged:F9}\n"),
            Way.PerStep => string.Create(plain, $"{time},{volts:F4},{amperes},{step},{(direction > 0 ? inStep : 0):F9},{(direction < 0 ? inStep : 0):F9}\n"),
            Way.NetUnderCharge => string.Create(plain, $"{time},{volts:F4},{amperes},{step},{5 + charged - discharged:F9},\n"),
            Way.Net => string.Create(plain, $"{time / 3600m:F12},{volts:F4},{amperes},{step},{charged - discharged:F9}\n"),
            _ => string.Create(plain, $"{time}\t{time}\t{volts:F4}\t{amperes.TrimStart('-')}\t{step}\t{inStep:F9}\t{state}\t1\n"),
        });
    }
}
