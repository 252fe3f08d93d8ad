using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>
/// Builds samples of a plain made-up cell: open-circuit voltage rising straight from 3.0 to 4.0 V over its capacity, and
/// one resistance. What its integrals must be can be worked out by hand.
/// </summary>
internal sealed class CellTrace
{
    private readonly List<Sample> samples = [];
    private double storedC;

    public double CapacityAh { get; set; } = 1;

    public double ResistanceOhm { get; set; } = 0.1;

    public double IntervalSeconds { get; set; } = 1;

    public double TimeSeconds { get; set; }

    public double? TemperatureC { get; set; } = 25;

    public IReadOnlyList<Sample> Samples => samples;

    public int Count => samples.Count;

    /// <summary>Open-circuit voltage now, V.</summary>
    public double OpenCircuitV => 3.0 + (storedC / (3600 * CapacityAh));

    public CellTrace Rest(double seconds) => Run(0, seconds);

    public CellTrace Charge(double currentA, double seconds) => Run(currentA, seconds);

    public CellTrace Discharge(double currentA, double seconds) => Run(-currentA, seconds);

    /// <summary>Records at the end of each interval, as cyclers do.</summary>
    public CellTrace Run(double currentA, double seconds)
    {
        for (double done = 0; done < seconds - 1e-9; done += IntervalSeconds)
        {
            double step = Math.Min(IntervalSeconds, seconds - done);
            TimeSeconds += step;
            storedC += currentA * step;
            Record(OpenCircuitV + (currentA * ResistanceOhm), currentA);
        }

        return this;
    }

    /// <summary>A full charge and discharge at 1 A with rests, to empty and full.</summary>
    public CellTrace Cycle(double currentA = 1)
    {
        double seconds = 3600 * CapacityAh / currentA;
        return Rest(300).Charge(currentA, seconds).Rest(300).Discharge(currentA, seconds);
    }

    /// <summary>Time passes without records and without current.</summary>
    public CellTrace Skip(double seconds)
    {
        TimeSeconds += seconds;
        return this;
    }

    /// <summary>One record as given, now.</summary>
    public CellTrace Record(double? voltageV, double? currentA)
    {
        var sample = new Sample
        {
            Number = samples.Count, TimeMicroseconds = (long)Math.Round(TimeSeconds * 1e6), States = SensorStates.AllAbsent,
        };
        Set(ref sample, SampleColumns.Voltage, voltageV);
        Set(ref sample, SampleColumns.Current, currentA);
        Set(ref sample, SampleColumns.Surface, TemperatureC);
        samples.Add(sample);
        return this;
    }

    /// <summary>Changes a record afterwards.</summary>
    public CellTrace Spoil(int index, int column, double value)
    {
        Sample sample = samples[index];
        Set(ref sample, column, value);
        samples[index] = sample;
        return this;
    }

    public Sample[] ToArray() => [.. samples];

    private static void Set(ref Sample sample, int column, double? value)
    {
        if (value is double known)
        {
            sample.Values[column] = known;
            sample.States = SensorStates.With(sample.States, column, SensorState.Good);
        }
    }
}
