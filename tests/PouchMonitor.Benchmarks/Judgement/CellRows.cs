using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks.Judgement;

/// <summary>
/// A cell of 1 Ah cycled in two hours as a node reads it once a second: constant current, held voltage, rest, discharge and
/// rest, with some hundred microseconds of jitter and the noise of the converters (voltage 187.5 uV a count, current
/// 156.25 uA, three temperatures of 10 mK). At rest the current reads 0, so that its sign alone tells halves apart.
/// </summary>
internal static class CellRows
{
    public const long CycleSeconds = 7200;
    private const long ChargeS = 300;
    private const long HeldS = 3300;
    private const long RestS = 3600;
    private const long DischargeS = 3900;
    private const long StartMicroseconds = 1_700_000_000_000_000;

    private static readonly ColumnScale VoltageScale = new() { Numerator = 375, Denominator = 2_000_000 };
    private static readonly ColumnScale CurrentScale = new() { Numerator = 78_125, Denominator = 500_000_000 };
    private static readonly ColumnScale TemperatureScale = new() { Denominator = 100 };

    public static Sample[] Make(int count)
    {
        Random random = new(1);
        Sample[] samples = new Sample[count];
        uint states = SensorStates.AllAbsent;
        for (int column = SampleColumns.Voltage; column <= SampleColumns.Ambient; column++)
        {
            states = SensorStates.With(states, column, SensorState.Good);
        }

        for (int at = 0; at < count; at++)
        {
            (double volts, double amperes, double warmth) = At(at % CycleSeconds);
            ref Sample sample = ref samples[at];
            sample.Number = at;
            sample.TimeMicroseconds = StartMicroseconds + (at * 1_000_000L) + random.Next(300);
            sample.States = states;
            sample.Values[SampleColumns.Voltage] = Read(volts / 187.5e-6, random.Next(-3, 4), VoltageScale);
            sample.Values[SampleColumns.Current] = Read(amperes / 156.25e-6, amperes == 0 ? 0 : random.Next(-4, 5), CurrentScale);
            sample.Values[SampleColumns.Surface] = Read(2500 + (100 * warmth), random.Next(-2, 3), TemperatureScale);
            sample.Values[SampleColumns.Infrared] = Read(2520 + (100 * warmth), random.Next(-2, 3), TemperatureScale);
            sample.Values[SampleColumns.Ambient] = Read(2480, random.Next(-2, 3), TemperatureScale);
        }

        return samples;
    }

    private static double Read(double counts, int noise, ColumnScale scale) =>
        ScaledValue.Of((long)Math.Round(counts) + noise, scale);

    /// <summary>Voltage, current and how far the surface is above 25 C, at a second of the cycle.</summary>
    private static (double Volts, double Amperes, double Warmth) At(long second)
    {
        const double resistanceOhm = 0.05;
        const double fullV = 4.0;
        const double emptyV = 3.2;
        double charge = (second - ChargeS) / (double)(HeldS - ChargeS);
        double discharge = (second - DischargeS) / (double)(CycleSeconds - DischargeS);
        return second switch
        {
            < ChargeS => (emptyV, 0, 0),
            < HeldS => (emptyV + ((fullV - emptyV - resistanceOhm) * charge) + resistanceOhm, 1, 2 * charge),
            < RestS => (fullV, Math.Exp((HeldS - second) / 100.0), 2 - ((second - HeldS) / 600.0)),
            < DischargeS => (fullV - 0.001, 0, 1.5 - ((second - RestS) / 300.0)),
            _ => (fullV - resistanceOhm - ((fullV - emptyV - resistanceOhm) * discharge), -1, 0.5 + (2.5 * discharge)),
        };
    }
}
