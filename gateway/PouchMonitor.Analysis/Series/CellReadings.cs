using System.Numerics;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>What a sample says of the cell itself.</summary>
internal static class CellReadings
{
    private const uint TemperatureColumns =
        ~((1u << (3 * SampleColumns.Voltage)) | (1u << (3 * SampleColumns.Current)) | (1u << (3 * SampleColumns.Ambient)));

    /// <summary>The cell's own temperatures whose state is good, one bit each at the lowest of the column's three.</summary>
    public static uint GoodTemperatures(uint states) => SampleGate.GoodColumns(states) & TemperatureColumns;

    /// <summary>Highest believed temperature of the cell, degrees Celsius (not ambient); NaN where there is none.</summary>
    public static double HottestC(in Sample sample)
    {
        double hottest = double.NaN;
        for (uint columns = GoodTemperatures(sample.States); columns != 0; columns &= columns - 1)
        {
            double value = sample.Values[BitOperations.TrailingZeroCount(columns) / 3];
            hottest = hottest >= value ? hottest : value;
        }

        return hottest;
    }
}
