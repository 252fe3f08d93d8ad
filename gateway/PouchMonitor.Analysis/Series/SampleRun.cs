using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// A run of samples on which no rule has anything to do, laid out by column so that their integrals can be taken quickly.
/// Place 0 of each column holds the sample before the run, places 1 to <see cref="Count"/> the run.
/// </summary>
internal sealed class SampleRun
{
    /// <summary>Most samples of one run.</summary>
    public const int Capacity = 128;

    /// <summary>Below this the rules thin readings out, and above it an interval may be a gap; microseconds.</summary>
    public const long LeastStepMicroseconds = 20_000;
    private const long LargestStepMicroseconds = 60_000_000;

    /// <summary>Room for whole vectors beyond the last sample.</summary>
    private const int Room = Capacity + 16;

    public int Count { get; set; }

    /// <summary>Whether the run carries temperatures of the cell; all of its samples do or none.</summary>
    public bool HasTemperature { get; private set; }

    /// <summary>Time of the last sample, microseconds.</summary>
    public long LastMicroseconds => Times[Count];

    public long[] Times { get; } = new long[Room];

    /// <summary>Since the sample before, s.</summary>
    public double[] Seconds { get; } = new double[Room];

    public double[] VoltageV { get; } = new double[Room];

    public double[] CurrentA { get; } = new double[Room];

    /// <summary>Highest of the cell, C; meaningless where there is none.</summary>
    public double[] TemperatureC { get; } = new double[Room];

    /// <summary>Magnitude of the charge of each interval, C; set where current flows.</summary>
    public double[] ChargeC { get; } = new double[Room];

    /// <summary>Magnitude of the energy of each interval, J; set where current flows.</summary>
    public double[] EnergyJ { get; } = new double[Room];

    /// <summary>True where the voltage is held while the current falls; meaningful where <see cref="AnyHeld"/>.</summary>
    public bool[] Held { get; } = new bool[Room];

    public bool AnyHeld { get; set; }

    /// <summary>True where noise at rest passes for a change of level; meaningful where <see cref="AnyOpens"/>.</summary>
    public bool[] Opens { get; } = new bool[Room];

    public bool AnyOpens { get; set; }

    /// <summary>Least magnitude of the currents, A; as <see cref="Measure"/> found it.</summary>
    public double LeastA { get; private set; }

    /// <summary>Largest magnitude of the currents, A.</summary>
    public double LargestA { get; private set; }

    /// <summary>Largest magnitude of all currents but the last, A; 0 where there is one only.</summary>
    public double LargestBeforeLastA { get; private set; }

    /// <summary>Finds the range of the currents, which are all of one direction or all at rest; anew whenever the run is shortened.</summary>
    public void Measure()
    {
        double last = Math.Abs(CurrentA[Count]);
        LeastA = last;
        LargestA = last;
        LargestBeforeLastA = 0;
        if (Count > 1)
        {
            (double least, double largest) = RunMath.MagnitudeRange(CurrentA.AsSpan(1, Count - 1));
            LeastA = Math.Min(last, least);
            LargestA = Math.Max(last, largest);
            LargestBeforeLastA = largest;
        }
    }

    /// <summary>More charge than currents up to a magnitude can pass in the run, C.</summary>
    public double MostC(double largestA)
    {
        const double rounding = 1 + 1e-9;
        return largestA * (LastMicroseconds - Times[0]) / 1e6 * rounding;
    }

    /// <summary>Takes as many of the samples as are alike and keep to the band; their states are those of the first.</summary>
    /// <param name="samples">The first follows the last sample that was taken.</param>
    /// <param name="beforeMicroseconds">Time of that one.</param>
    /// <param name="band">What no rule minds.</param>
    /// <remarks>Compiled as it stays from the first run on: a file may well be judged before the second compilation.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(ReadOnlySpan<Sample> samples, long beforeMicroseconds, in QuietBand band)
    {
        uint states = samples[0].States;
        Span<int> places = stackalloc int[SampleColumns.Count];
        ReadOnlySpan<int> temperatures = places[..CellReadings.ListTemperatures(states, places)];
        HasTemperature = temperatures.Length > 0;
        Vector512<double> low = First(band.Low);
        Vector512<double> high = First(band.High);
        Vector512<double> spread = First(band.Spread);
        Vector512<double> least = First(band.Least);
        Vector512<double> largest = First(band.Largest);
        Vector128<double> low2 = Second(band.Low);
        Vector128<double> high2 = Second(band.High);
        Vector128<double> spread2 = Second(band.Spread);
        Vector128<double> least2 = Second(band.Least);
        Vector128<double> largest2 = Second(band.Largest);
        Span<long> times = Times;
        Span<double> seconds = Seconds;
        Span<double> volts = VoltageV;
        Span<double> amperes = CurrentA;
        Span<double> celsius = TemperatureC;
        int most = Math.Min(samples.Length, Capacity);
        int count = 0;
        long before = beforeMicroseconds;
        while (count < most)
        {
            ref readonly Sample sample = ref samples[count];
            long step = sample.TimeMicroseconds - before;
            if (sample.States != states || (ulong)(step - LeastStepMicroseconds) > LargestStepMicroseconds - LeastStepMicroseconds)
            {
                break;
            }

            // A reading that is no number makes every comparison false.
            Vector512<double> values = First(sample.Values);
            Vector128<double> values2 = Second(sample.Values);
            least = Vector512.MinNative(least, values);
            largest = Vector512.MaxNative(largest, values);
            least2 = Vector128.MinNative(least2, values2);
            largest2 = Vector128.MaxNative(largest2, values2);
            Vector512<double> keeps = Vector512.LessThanOrEqual(largest - least, spread)
                & Vector512.GreaterThanOrEqual(least, low) & Vector512.LessThanOrEqual(largest, high);
            Vector128<double> keeps2 = Vector128.LessThanOrEqual(largest2 - least2, spread2)
                & Vector128.GreaterThanOrEqual(least2, low2) & Vector128.LessThanOrEqual(largest2, high2);
            if (keeps.ExtractMostSignificantBits() != 0xff || keeps2.ExtractMostSignificantBits() != 0b11)
            {
                break;
            }

            count++;
            before = sample.TimeMicroseconds;
            times[count] = before;
            seconds[count] = step / 1e6;
            volts[count] = sample.Values[SampleColumns.Voltage];
            amperes[count] = sample.Values[SampleColumns.Current];
            double hottest = double.NaN;
            foreach (int column in temperatures)
            {
                double value = sample.Values[column];
                hottest = hottest >= value ? hottest : value;
            }

            celsius[count] = hottest;
        }

        Count = count;
        times[0] = beforeMicroseconds;
    }

    /// <summary>Takes as many of the samples as follow one another without a gap; without temperatures.</summary>
    /// <param name="times">Microseconds; the first follows the last sample that was taken.</param>
    /// <param name="voltageV">Beside them.</param>
    /// <param name="currentA">Beside them.</param>
    /// <param name="beforeMicroseconds">Time of the last sample that was taken.</param>
    public void Fill(ReadOnlySpan<long> times, ReadOnlySpan<double> voltageV, ReadOnlySpan<double> currentA, long beforeMicroseconds)
    {
        HasTemperature = false;
        Times[0] = beforeMicroseconds;
        Count = Math.Min(times.Length, Capacity);
        times[..Count].CopyTo(Times.AsSpan(1));
        voltageV[..Count].CopyTo(VoltageV.AsSpan(1));
        currentA[..Count].CopyTo(CurrentA.AsSpan(1));
        Count = RunMath.Seconds(Times.AsSpan(0, Count + 1), Seconds.AsSpan(1), LeastStepMicroseconds, LargestStepMicroseconds);
    }

    private static Vector512<double> First(in ColumnValues values) =>
        Vector512.LoadUnsafe(in MemoryMarshal.GetReference((ReadOnlySpan<double>)values));

    private static Vector128<double> Second(in ColumnValues values) =>
        Vector128.LoadUnsafe(in MemoryMarshal.GetReference((ReadOnlySpan<double>)values), (nuint)Vector512<double>.Count);
}
