using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Changes that a bench makes to a series on its way to the analysis.</summary>
internal static class Spoiling
{
    /// <summary>A sensor that goes into a state from a time on; what carries no value has none.</summary>
    public static IEnumerable<Sample> Lose(this IEnumerable<Sample> samples, int column, SensorState state, Func<Sample, bool> from)
    {
        bool lost = false;
        double held = double.NaN;
        foreach (Sample each in samples)
        {
            Sample sample = each;
            lost |= from(sample);
            if (lost)
            {
                held = double.IsNaN(held) ? sample.Values[column] : held;
                sample.Values[column] = state is SensorState.Frozen or SensorState.Saturated or SensorState.OutOfRange ? held : 0;
                sample.States = SensorStates.With(sample.States, column, state);
            }

            yield return sample;
        }
    }

    /// <summary>A sensor that repeats its last value while it says that all is well, as devices of others do.</summary>
    public static IEnumerable<Sample> FreezeUnnoticed(this IEnumerable<Sample> samples, int column, Func<Sample, bool> from)
    {
        double held = double.NaN;
        foreach (Sample each in samples)
        {
            Sample sample = each;
            held = double.IsNaN(held) && from(sample) ? sample.Values[column] : held;
            sample.Values[column] = double.IsNaN(held) ? sample.Values[column] : held;
            yield return sample;
        }
    }

    /// <summary>Adds something to a column where it is good.</summary>
    public static IEnumerable<Sample> Add(this IEnumerable<Sample> samples, int column, Func<double, double> offsetAtS)
    {
        foreach (Sample each in samples)
        {
            Sample sample = each;
            sample.Values[column] += sample.IsGood(column) ? offsetAtS(sample.TimeMicroseconds / 1e6) : 0;
            yield return sample;
        }
    }

    /// <summary>The room swings and takes cell and chamber with it.</summary>
    public static IEnumerable<Sample> Swing(this IEnumerable<Sample> samples, double amplitudeK, double periodS)
    {
        double At(double timeS) => amplitudeK * Math.Sin(2 * Math.PI * timeS / periodS);
        return samples.Add(SampleColumns.Surface, At).Add(SampleColumns.Infrared, At).Add(SampleColumns.Ambient, At);
    }

    /// <summary>A loose cable: now and then one reading of voltage or current is anything.</summary>
    public static IEnumerable<Sample> Glitch(this IEnumerable<Sample> samples, double share, ulong seed)
    {
        var noise = new SeededNoise(seed ^ 0x6117_6117);
        foreach (Sample each in samples)
        {
            Sample sample = each;
            if (noise.NextUnit() < share)
            {
                int column = noise.NextUnit() < 0.7 ? SampleColumns.Voltage : SampleColumns.Current;
                sample.Values[column] = column == SampleColumns.Voltage ? 8.4 * noise.NextUnit() : sample.Values[column] + noise.NextWithin(2);
            }

            yield return sample;
        }
    }

    /// <summary>The test is stopped between two times and goes on: nothing is recorded, and later times move by the pause.</summary>
    public static IEnumerable<Sample> Pause(this IEnumerable<Sample> samples, double atS, double forS)
    {
        foreach (Sample each in samples)
        {
            Sample sample = each;
            sample.TimeMicroseconds += sample.TimeMicroseconds / 1e6 >= atS ? (long)(forS * 1e6) : 0;
            yield return sample;
        }
    }

    /// <summary>Records that are lost on the way.</summary>
    public static IEnumerable<Sample> Gap(this IEnumerable<Sample> samples, double fromS, double forS) =>
        samples.Where(sample => sample.TimeMicroseconds / 1e6 < fromS || sample.TimeMicroseconds / 1e6 >= fromS + forS);

    /// <summary>
    /// Dendrites that touch and burn off while charging: falls of some tens of millivolts for one to three samples, so many
    /// an hour from a time on.
    /// </summary>
    public static IEnumerable<Sample> Dips(this IEnumerable<Sample> samples, double fromS, double perHour, ulong seed)
    {
        var noise = new SeededNoise(seed ^ 0xD1B5_D1B5);
        double lastS = double.NaN;
        double depthV = 0;
        int left = 0;
        foreach (Sample each in samples)
        {
            Sample sample = each;
            double timeS = sample.TimeMicroseconds / 1e6;
            double intervalS = double.IsNaN(lastS) ? 0 : timeS - lastS;
            lastS = timeS;
            bool charges = timeS >= fromS && sample.Values[SampleColumns.Current] > 0.05;
            if (charges && left == 0 && noise.NextUnit() < perHour * intervalS / 3600)
            {
                left = 1 + (int)(3 * noise.NextUnit());
                depthV = 0.02 + (0.02 * noise.NextUnit());
            }

            if (left > 0)
            {
                sample.Values[SampleColumns.Voltage] -= charges ? depthV : 0;
                left--;
            }

            yield return sample;
        }
    }
}
