using System.Globalization;

namespace PouchMonitor.Hardware.Tests.Support;

/// <summary>Curves over time as ngspice's <c>wrdata</c> writes them: for each vector a column of time and one of values.</summary>
internal sealed class Waveforms
{
    private readonly double[] seconds;
    private readonly double[][] columns;

    private Waveforms(double[] seconds, double[][] columns)
    {
        this.seconds = seconds;
        this.columns = columns;
    }

    public static Waveforms Read(string path)
    {
        var rows = new List<double[]>();
        foreach (string line in File.ReadLines(path))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            rows.Add([.. fields.Select(field => double.Parse(field, CultureInfo.InvariantCulture))]);
        }

        Assert.NotEmpty(rows);
        int count = rows[0].Length / 2;
        double[][] columns = new double[count][];
        for (int column = 0; column < count; column++)
        {
            int index = (2 * column) + 1;
            columns[column] = [.. rows.Select(row => row[index])];
        }

        return new Waveforms([.. rows.Select(row => row[0])], columns);
    }

    /// <summary>Value of a curve at a time, between the points on a straight line.</summary>
    public double At(int column, double second)
    {
        int right = Array.BinarySearch(seconds, second);
        right = right >= 0 ? right : ~right;
        Assert.InRange(right, 0, seconds.Length - 1);
        if (right == 0 || seconds[right] == second)
        {
            return columns[column][right];
        }

        double share = (second - seconds[right - 1]) / (seconds[right] - seconds[right - 1]);
        return columns[column][right - 1] + (share * (columns[column][right] - columns[column][right - 1]));
    }

    /// <summary>First time at or after another at which a curve is below a level; null where it never is.</summary>
    public double? FirstBelow(int column, double level, double fromSecond) => First(column, fromSecond, value => value < level);

    /// <summary>First time at or after another at which a curve is above a level; null where it never is.</summary>
    public double? FirstAbove(int column, double level, double fromSecond) => First(column, fromSecond, value => value > level);

    public double Last(int column) => columns[column][^1];

    private double? First(int column, double fromSecond, Predicate<double> isThere)
    {
        for (int row = 0; row < seconds.Length; row++)
        {
            if (seconds[row] >= fromSecond && isThere(columns[column][row]))
            {
                return seconds[row];
            }
        }

        return null;
    }
}
