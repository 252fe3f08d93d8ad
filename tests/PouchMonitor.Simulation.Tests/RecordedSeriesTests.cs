using System.Globalization;

namespace PouchMonitor.Simulation.Tests;

/// <summary>An emulated run as a file.</summary>
public sealed class RecordedSeriesTests
{
    private static readonly CellRunOptions TwoCycles = new()
    {
        Profile = EmulatedCells.Create("dne-pouch"), Cycles = 2, Seed = 5,
    };

    [Fact]
    public void File_HasTheNormalisedColumnsAndBothSidesOfEveryEdge()
    {
        List<double[]> rows = Written(TwoCycles, 30, out string header);
        Assert.Equal("time_s,voltage_V,current_A,temperature_C,cycle,step,charge_capacity_Ah,discharge_capacity_Ah", header);
        Assert.Equal(2, rows[^1][4]);

        // First rest, then five steps of cycle 1 and five of cycle 2, then the end.
        Assert.Equal(12, rows[^1][5]);
        for (int i = 1; i < rows.Count; i++)
        {
            Assert.True(rows[i][0] > rows[i - 1][0]);
            bool isEdge = rows[i][5] != rows[i - 1][5];
            Assert.True(rows[i][0] - rows[i - 1][0] <= (isEdge ? 1 : 30));
            Assert.True(!isEdge || rows[i][5] == rows[i - 1][5] + 1);
        }
    }

    [Fact]
    public void Counters_AgreeWithTheSumOverTheRows()
    {
        List<double[]> rows = Written(TwoCycles, 10, out _);
        double dischargeAh = 0;
        for (int i = 1; i < rows.Count && rows[i][4] == 1; i++)
        {
            dischargeAh -= Math.Min(0, rows[i][2]) * (rows[i][0] - rows[i - 1][0]) / 3600;
        }

        double counted = rows.Last(row => row[4] == 1)[7];
        Assert.Equal(counted, dischargeAh, 1e-4);
        Assert.InRange(counted, 0.99, 1.01);
    }

    [Fact]
    public void OneSeed_GivesTheSameFile()
    {
        Assert.Equal(Text(5), Text(5));
        Assert.NotEqual(Text(5), Text(6));

        static string Text(ulong seed)
        {
            using var writer = new StringWriter(CultureInfo.InvariantCulture);
            RecordedSeries.Write(writer, TwoCycles with { Seed = seed, Cycles = 1 }, 60);
            return writer.ToString();
        }
    }

    [Fact]
    public void IntervalBelowTheStep_IsRefused()
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordedSeries.Write(writer, TwoCycles, 0.5));
    }

    private static List<double[]> Written(CellRunOptions options, double intervalS, out string header)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        long count = RecordedSeries.Write(writer, options, intervalS);
        string[] lines = writer.ToString().Split(writer.NewLine, StringSplitOptions.RemoveEmptyEntries);
        header = lines[0];
        Assert.Equal(count, lines.Length - 1);
        return [.. lines.Skip(1).Select(line => Array.ConvertAll(line.Split(','), text => double.Parse(text, CultureInfo.InvariantCulture)))];
    }
}
