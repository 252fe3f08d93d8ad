using System.Globalization;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Simulation.Tests;

/// <summary>The written form of a cell without a cathode.</summary>
public sealed class LithiumSeriesTests
{
    [Fact]
    public void Series_HasTheColumnsAndCountsWhatFlowed()
    {
        LithiumCellProfile cell = EmulatedLithiumCells.Create("copc-li-cu");
        using var text = new StringWriter();
        long rows = LithiumSeries.Write(text, cell, 2, 10, seed: 4);
        string[] lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(RecordedSeries.Header, lines[0]);
        Assert.Equal(rows + 1, lines.Length);
        double[][] values = [.. lines.Skip(1).Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        Assert.All(Enumerable.Range(1, values.Length - 1), i => Assert.True(values[i][0] >= values[i - 1][0], lines[i + 1]));
        double[] last = values.Last(row => row[4] == 1);
        double platedAh = cell.ArealCapacityMahPerCm2 * cell.AreaCm2 / 1000;
        Assert.Equal(platedAh, last[7], 0.001 * platedAh);
        Assert.Equal(0.9885 * platedAh, last[6], 0.001 * platedAh);
    }

    [Fact]
    public void Series_FollowsItsSeed()
    {
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));

        static string Text(ulong seed)
        {
            using var text = new StringWriter();
            LithiumSeries.Write(text, EmulatedLithiumCells.Create("ispn-ccd"), 3, 60, seed);
            return text.ToString();
        }
    }

    [Fact]
    public void EveryRowOfTheReferenceTable_HasAnEmulatedCell()
    {
        string[] names = [.. EmulatedCells.Names, .. EmulatedLithiumCells.All.Select(cell => cell.Name)];
        Assert.Empty(CellProfiles.Names.Except(names, StringComparer.Ordinal));
    }

    [Fact]
    public void EveryName_IsThereOnce()
    {
        string[] names = [.. EmulatedCells.Names, .. EmulatedLithiumCells.All.Select(cell => cell.Name)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        ArgumentException error = Assert.Throws<ArgumentException>(() => EmulatedLithiumCells.Create("pota-li"));
        Assert.Contains("pota-li-cu", error.Message, StringComparison.Ordinal);
    }
}
