using System.Globalization;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Temperatures of a file for which a sample has no place, or which nobody named. They are not judged; but that one of them was
/// hotter than all that are must not be lost, since it is the hottest place that counts.
/// </summary>
/// <param name="names">Their columns.</param>
internal sealed class UnkeptTemperatures(IReadOnlyList<string> names)
{
    /// <summary>The end of type K (IEC 60584-1): what loggers write for an open thermocouple, and no reading.</summary>
    private const double MostDegrees = 1372;

    private readonly (double Celsius, long At)[] before = [.. names.Select(_ => (double.NaN, 0L))];
    private readonly (double Celsius, long At)[] highest = [.. names.Select(_ => (double.NaN, 0L))];
    private readonly double[] keptBefore = [.. Enumerable.Repeat(double.NaN, SampleColumns.Count)];
    private double kept = double.NaN;

    /// <summary>A sentence for those that cannot be kept, and one for each that was hotter than all that are.</summary>
    public IEnumerable<string> Notes(bool isForWantOfPlaces)
    {
        if (isForWantOfPlaces && names.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{SampleColumns.Count - SampleColumns.FirstExtraSurface + 1} contact temperatures are the most that are kept: {string.Join(", ", names)} {(names.Count == 1 ? "is" : "are")} not judged.");
        }

        for (int i = 0; i < names.Count; i++)
        {
            if (highest[i].Celsius > kept || (double.IsNaN(kept) && !double.IsNaN(highest[i].Celsius)))
            {
                string others = double.IsNaN(kept) ? "none of which has two readings" : string.Create(CultureInfo.InvariantCulture, $"the highest of which is {kept:0.###} C");
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"'{names[i]}', which is not read, is hotter than all temperatures that are, {others}: {highest[i].Celsius:0.###} C at {highest[i].At / 1e6:0.###} s (two readings in a row).");
            }
        }
    }

    /// <summary>Takes a reading of one of them; what is none breaks the row of readings.</summary>
    public void Add(int index, double celsius, long at)
    {
        (double Celsius, long At) now = (celsius < MostDegrees ? celsius : double.NaN, at);
        // The lower of two in a row: one spike is no temperature.
        (double Celsius, long At) lower = now.Celsius <= before[index].Celsius ? now : before[index];
        if (!double.IsNaN(now.Celsius) && !double.IsNaN(before[index].Celsius) && !(lower.Celsius <= highest[index].Celsius))
        {
            highest[index] = lower;
        }

        before[index] = now;
    }

    /// <summary>Takes the temperatures of a row that are kept, but for that around the cell.</summary>
    public void AddKept(RecordedRow row)
    {
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            if (column == SampleColumns.Ambient || row.Value(column) is not { } celsius)
            {
                continue;
            }

            double now = celsius < MostDegrees ? celsius : double.NaN;
            double lower = Math.Min(now, keptBefore[column]);
            kept = double.IsNaN(lower) || lower <= kept ? kept : lower;
            keptBefore[column] = now;
        }
    }
}
