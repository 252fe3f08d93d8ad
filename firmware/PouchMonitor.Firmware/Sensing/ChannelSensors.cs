using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// The sensors of one channel on the reference board: one ADS1115 on the cell's voltage, one on the shunt, one on the
/// thermistor dividers (surface, ambient, their supply), and an MLX90614. Voltage and current are started back to back, so
/// both belong to the same instant but for one transfer on the bus (about 0.1 ms at 400 kHz).
/// </summary>
public sealed class ChannelSensors : ICellSensors
{
    private const int SurfaceInput = Ads1115.InputSingle0;
    private const int AmbientInput = Ads1115.InputSingle0 + 1;
    private const int SupplyInput = Ads1115.InputSingle0 + 2;

    // Temperatures travel in hundredths of a degree: below the noise of every sensor, and a byte a sample less than thousandths.
    private const int MillidegreesPerCount = 10;
    private const int CountsPerDegree = 100;

    private readonly IClock clock;
    private readonly Ads1115 voltage;
    private readonly Ads1115 current;
    private readonly Ads1115 dividers;
    private readonly Mlx90614 infrared;
    private readonly ThermistorCurve thermistor;
    private readonly FrozenWatch frozenSurface;
    private readonly FrozenWatch frozenInfrared;
    private readonly FrozenWatch frozenAmbient;
    private readonly ChannelConfiguration configuration;

    public ChannelSensors(IBoard board, ChannelConfiguration configuration)
    {
        this.configuration = configuration;
        clock = board.Clock;
        voltage = new Ads1115(board.OpenI2c(configuration.VoltageAddress, true), clock, Ads1115.Rate860);
        current = new Ads1115(board.OpenI2c(configuration.CurrentAddress, true), clock, Ads1115.Rate860);
        dividers = new Ads1115(board.OpenI2c(configuration.DividerAddress, true), clock, Ads1115.Rate860);
        infrared = new Mlx90614(board.OpenI2c(configuration.InfraredAddress, false), configuration.InfraredAddress);
        thermistor = ThermistorCurve.FromBeta(
            configuration.ThermistorSeriesOhms, configuration.ThermistorOhmsAt25C, configuration.ThermistorBetaKelvin);
        frozenSurface = new FrozenWatch(configuration.FrozenRepeatLimit);
        frozenInfrared = new FrozenWatch(configuration.FrozenRepeatLimit);
        frozenAmbient = new FrozenWatch(configuration.FrozenRepeatLimit);
    }

    /// <summary>Failed transfers of all parts since boot, wrong check sums included.</summary>
    public int BusErrorCount =>
        voltage.BusErrorCount + current.BusErrorCount + dividers.BusErrorCount + infrared.BusErrorCount + infrared.PecErrorCount;

    /// <inheritdoc/>
    public void Acquire(CellSample sample)
    {
        sample.Clear();
        sample.UptimeMicroseconds = clock.UptimeMicroseconds;
        voltage.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts);
        current.Start(Ads1115.InputDifference01, Ads1115.Range256Millivolts);
        SensorState state = voltage.Fetch(out int code);
        sample.Set(SampleColumns.Voltage, state, code);
        state = current.Fetch(out code);
        sample.Set(SampleColumns.Current, state, configuration.IsShuntReversed ? -code : code);
        AcquireTemperatures(sample);
    }

    /// <inheritdoc/>
    public void FillScales(ColumnScale[] scales)
    {
        // 187.5 uV a count.
        SetScale(scales[SampleColumns.Voltage], 375, 2000000);

        // 7.8125 uV a count over the shunt: 78125 / 10^10 V / (microohms / 10^6).
        long numerator = 78125;
        long denominator = 10000L * configuration.ShuntMicroohms;
        long divisor = GreatestCommonDivisor(numerator, denominator);
        SetScale(scales[SampleColumns.Current], numerator / divisor, denominator / divisor);
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            SetScale(scales[column], 1, CountsPerDegree);
        }
    }

    private void AcquireTemperatures(CellSample sample)
    {
        SensorState supplyState = Convert(SupplyInput, out int supply);
        SetThermistor(sample, SampleColumns.Surface, SurfaceInput, supplyState, supply, frozenSurface);
        SetThermistor(sample, SampleColumns.Ambient, AmbientInput, supplyState, supply, frozenAmbient);
        SensorState state = infrared.ReadObject(out int millidegrees);
        sample.Set(SampleColumns.Infrared, frozenInfrared.Judge(state, millidegrees), CountOf(millidegrees));
    }

    private void SetThermistor(
        CellSample sample, int column, int input, SensorState supplyState, int supply, FrozenWatch frozen)
    {
        SensorState state = Convert(input, out int divider);
        int millidegrees = 0;
        if (state == SensorState.Good && supplyState == SensorState.Good)
        {
            state = thermistor.Convert(divider, supply, out millidegrees);
        }
        else
        {
            state = SensorState.BusError;
        }

        sample.Set(column, frozen.Judge(state, millidegrees), CountOf(millidegrees));
    }

    private SensorState Convert(int input, out int code)
    {
        dividers.Start(input, Ads1115.Range4096Millivolts);
        return dividers.Fetch(out code);
    }

    private static int CountOf(int millidegrees)
    {
        int half = millidegrees < 0 ? -MillidegreesPerCount / 2 : MillidegreesPerCount / 2;
        return (millidegrees + half) / MillidegreesPerCount;
    }

    private void SetScale(ColumnScale scale, long numerator, long denominator)
    {
        scale.Offset = 0;
        scale.Numerator = numerator;
        scale.Denominator = denominator;
        scale.CalibrationId = configuration.CalibrationId;
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            long rest = a % b;
            a = b;
            b = rest;
        }

        return a;
    }
}
