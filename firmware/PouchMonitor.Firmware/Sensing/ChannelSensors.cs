using PouchMonitor.Firmware.Calibration;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// The sensors of one channel on the reference board: one ADS1115 on the cell's voltage, one on the shunt, one on the
/// thermistor dividers (surface, ambient, their supply), an MLX90614, and where configured a thermocouple and an infrared
/// array. Voltage and current are started back to back, so both belong to the same instant but for one transfer on the bus
/// (0.09 ms at 400 kHz). A sensor that is not configured is absent; one that is and does not answer is a bus error.
/// </summary>
public sealed class ChannelSensors : ICellSensors
{
    /// <summary>Column of the thermocouple.</summary>
    public const int ThermocoupleColumn = SampleColumns.FirstExtraSurface;

    /// <summary>Column of the infrared array's hottest spot.</summary>
    public const int HottestColumn = SampleColumns.FirstExtraSurface + 1;

    /// <summary>
    /// After a pause this long since the pass before, a pass reads every sensor; else the slow ones take turns, each
    /// temperature of the cell being read every second pass.
    /// </summary>
    public const long PauseMicroseconds = 150000;

    // Temperatures travel in hundredths of a degree: below the noise of every sensor, and a byte a sample less than thousandths.
    private const int MillidegreesPerCount = 10;
    private const int CountsPerDegree = 100;
    private const long ArrayMicroseconds = 1000000;

    // A bare shunt's converter is at its lowest range.
    private const long CurrentRangeMillivolts = 256;
    private const long CodesOfARange = 32768;

    private readonly IClock clock;
    private readonly ChannelConfiguration configuration;
    private readonly SegmentGuard guard;
    private readonly Ads1115 voltage;
    private readonly Ads1115 current;
    private readonly Ads1115? dividers;
    private readonly ThermistorInputs? thermistors;
    private readonly SlowSensor infrared;
    private readonly SlowSensor thermocouple;
    private readonly SlowSensor array;
    private readonly Mlx90614? infraredPart;
    private readonly Mcp9600? thermocouplePart;
    private readonly Amg8833? arrayPart;
    private readonly int voltageRange;
    private long passAtMicroseconds = -PauseMicroseconds - 1;
    private bool isInfraredsTurn;
    private uint calibrationId;
    private int emissivityPermille = ChannelCalibration.BlackPermille;

    public ChannelSensors(IBoard board, ChannelConfiguration configuration, Tca9548a? multiplexer = null)
    {
        this.configuration = configuration;
        calibrationId = configuration.CalibrationId;
        clock = board.Clock;
        guard = new SegmentGuard(clock, configuration.MultiplexerOutput < 0 ? null : multiplexer, configuration.MultiplexerOutput);
        voltageRange = Ads1115.RangeOf(configuration.VoltageRangeMillivolts);
        voltage = new Ads1115(Open(board, configuration.VoltageAddress, true), clock, Ads1115.Rate860);
        current = new Ads1115(Open(board, configuration.CurrentAddress, true), clock, Ads1115.Rate860);
        if (configuration.DividerAddress != 0)
        {
            dividers = new Ads1115(Open(board, configuration.DividerAddress, true), clock, Ads1115.Rate860);
            thermistors = new ThermistorInputs(dividers, clock, configuration);
        }

        infrared = new SlowSensor(configuration.InfraredAddress != 0, configuration.FrozenRepeatLimit);
        thermocouple = new SlowSensor(configuration.ThermocoupleAddress != 0, 0);
        array = new SlowSensor(configuration.ArrayAddress != 0, configuration.FrozenRepeatLimit);
        infraredPart = configuration.InfraredAddress == 0
            ? null
            : new Mlx90614(Open(board, configuration.InfraredAddress, false), configuration.InfraredAddress);
        thermocouplePart = configuration.ThermocoupleAddress == 0
            ? null
            : new Mcp9600(Open(board, configuration.ThermocoupleAddress, false), clock);
        arrayPart = configuration.ArrayAddress == 0 ? null : new Amg8833(Open(board, configuration.ArrayAddress, true));
        Saturation = new SaturationJudge(
            configuration.SaturationRiseKelvin * CountsPerDegree, configuration.SaturationWindowSeconds);
    }

    /// <summary>Failed transfers of all parts since boot, wrong check sums and refused segments included.</summary>
    public int BusErrorCount
    {
        get
        {
            int count = voltage.BusErrorCount + current.BusErrorCount + guard.RefusedPassCount;
            count += dividers == null ? 0 : dividers.BusErrorCount;
            count += infraredPart == null ? 0 : infraredPart.BusErrorCount + infraredPart.PecErrorCount;
            count += thermocouplePart == null ? 0 : thermocouplePart.BusErrorCount;
            return count + (arrayPart == null ? 0 : arrayPart.BusErrorCount);
        }
    }

    /// <summary>Who takes the images of the infrared array; null for nobody.</summary>
    public IImageSink? Images { get; set; }

    /// <summary>The channel's wires.</summary>
    public SegmentGuard Guard => guard;

    /// <summary>What went blind after a fast rise.</summary>
    public SaturationJudge Saturation { get; }

    /// <summary>The newest passes, for calibration.</summary>
    public CalibrationWindow Window { get; } = new CalibrationWindow();

    /// <summary>What is known of the front end; null for nothing.</summary>
    public ChannelCalibration? Calibration { get; private set; }

    /// <inheritdoc/>
    public bool ReadsAll { get; set; }

    /// <inheritdoc/>
    public long LongestPassMicroseconds { get; private set; }

    /// <inheritdoc/>
    public long ReadAtMicroseconds(int column)
    {
        switch (column)
        {
            case SampleColumns.Surface: return thermistors == null ? passAtMicroseconds : thermistors.SurfaceAtMicroseconds;
            case SampleColumns.Ambient: return thermistors == null ? passAtMicroseconds : thermistors.AmbientAtMicroseconds;
            case SampleColumns.Infrared: return infrared.ReadAtMicroseconds;
            case ThermocoupleColumn: return thermocouple.ReadAtMicroseconds;
            case HottestColumn: return array.ReadAtMicroseconds;
            default: return passAtMicroseconds;
        }
    }

    /// <inheritdoc/>
    public void Acquire(CellSample sample)
    {
        long now = clock.UptimeMicroseconds;
        bool isWhole = ReadsAll || now - passAtMicroseconds > PauseMicroseconds;
        passAtMicroseconds = now;
        sample.Clear();
        sample.UptimeMicroseconds = now;
        if (guard.Begin())
        {
            AcquireFast(sample, isWhole);
            AcquireSlow(isWhole, now);
            guard.End();
        }
        else
        {
            sample.Set(SampleColumns.Voltage, SensorState.BusError, 0);
            sample.Set(SampleColumns.Current, SensorState.BusError, 0);
        }

        if (guard.IsLost)
        {
            Lose();
        }

        SetTemperatures(sample);
        Window.Add(sample, thermistors == null ? 0 : thermistors.SurfaceMilliohms);
        long took = clock.UptimeMicroseconds - now;
        LongestPassMicroseconds = took > LongestPassMicroseconds ? took : LongestPassMicroseconds;
    }

    /// <inheritdoc/>
    public void FillScales(ColumnScale[] scales)
    {
        // Volts a code: range / 1000 / 32768, times the ratio of the divider in front of the converter.
        SetScale(
            scales[SampleColumns.Voltage], (long)configuration.VoltageRangeMillivolts * configuration.VoltageRatioMillionths,
            CodesOfARange * 1000 * 1000000);

        // Amperes a code: range / 1000 / 32768, over the shunt.
        SetScale(scales[SampleColumns.Current], CurrentRangeMillivolts * 1000, CodesOfARange * configuration.ShuntMicroohms);
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            SetScale(scales[column], 1, CountsPerDegree);
        }
    }

    /// <summary>
    /// Goes by a calibration from the next pass on; null for none. Its id goes out with the scales, its thermistor and
    /// emissivity are applied here.
    /// </summary>
    public void SetCalibration(ChannelCalibration? calibration)
    {
        Calibration = calibration;
        calibrationId = calibration == null ? configuration.CalibrationId : calibration.Id;
        emissivityPermille = calibration == null ? ChannelCalibration.BlackPermille : calibration.EmissivityPermille;
        if (thermistors != null)
        {
            thermistors.SetSurfaceCurve(calibration == null || calibration.PointCount == 0
                ? null
                : ThermistorCurve.FromPoints(
                    configuration.ThermistorSeriesOhms, configuration.ThermistorBetaKelvin, calibration.PointMilliohms,
                    calibration.PointMillidegrees, calibration.PointCount));
        }
    }

    private II2cPort Open(IBoard board, int address, bool isFast) => new GuardedPort(board.OpenI2c(address, isFast), guard);

    private void AcquireFast(CellSample sample, bool isWhole)
    {
        voltage.Start(Ads1115.InputDifference01, voltageRange);
        current.Start(Ads1115.InputDifference01, Ads1115.Range256Millivolts);
        if (thermistors != null)
        {
            thermistors.Start(isWhole);
        }

        SensorState state = voltage.Fetch(out int code);
        sample.Set(SampleColumns.Voltage, state, code);
        state = current.Fetch(out code);
        sample.Set(SampleColumns.Current, state, configuration.IsShuntReversed ? -code : code);
        if (thermistors != null)
        {
            thermistors.Fetch(isWhole);
        }
    }

    private void AcquireSlow(bool isWhole, long now)
    {
        isInfraredsTurn = isWhole || !isInfraredsTurn;
        if (infraredPart != null && isInfraredsTurn)
        {
            infrared.Take(ReadInfrared(infraredPart, out int millidegrees), millidegrees, now);
        }

        if (thermocouplePart != null && (isWhole || !isInfraredsTurn))
        {
            thermocouple.Take(thermocouplePart.ReadJunction(out int millidegrees), millidegrees, now);
        }

        if (arrayPart != null && (array.ReadAtMicroseconds == 0 || now - array.ReadAtMicroseconds >= ArrayMicroseconds))
        {
            SensorState state = arrayPart.ReadHottest(out int millidegrees);
            array.Take(state, millidegrees, now);
            if (Images != null && (state == SensorState.Good || state == SensorState.Saturated))
            {
                Images.Take(arrayPart, now);
            }
        }
    }

    private SensorState ReadInfrared(Mlx90614 part, out int millidegrees)
    {
        SensorState state = part.ReadObject(out millidegrees);
        if (state != SensorState.Good || emissivityPermille == ChannelCalibration.BlackPermille)
        {
            return state;
        }

        state = part.ReadOwn(out int own);
        return state == SensorState.Good
            ? EmissivityCorrection.Correct(millidegrees, own, emissivityPermille, out millidegrees)
            : state;
    }

    /// <summary>Whatever was read before says nothing of a channel whose wires are lost.</summary>
    private void Lose()
    {
        if (thermistors != null)
        {
            thermistors.Lose();
        }

        infrared.Lose();
        thermocouple.Lose();
        array.Lose();
    }

    private void SetTemperatures(CellSample sample)
    {
        if (thermistors != null)
        {
            sample.Set(SampleColumns.Surface, thermistors.SurfaceState, CountOf(thermistors.SurfaceMillidegrees));
            sample.Set(SampleColumns.Ambient, thermistors.AmbientState, CountOf(thermistors.AmbientMillidegrees));
        }

        sample.Set(SampleColumns.Infrared, infrared.State, CountOf(infrared.Millidegrees));
        sample.Set(ThermocoupleColumn, thermocouple.State, CountOf(thermocouple.Millidegrees));
        sample.Set(HottestColumn, array.State, CountOf(array.Millidegrees));
        Saturation.Take(sample);
    }

    private static int CountOf(int millidegrees)
    {
        int half = millidegrees < 0 ? -MillidegreesPerCount / 2 : MillidegreesPerCount / 2;
        return (millidegrees + half) / MillidegreesPerCount;
    }

    private void SetScale(ColumnScale scale, long numerator, long denominator)
    {
        long divisor = GreatestCommonDivisor(numerator, denominator);
        scale.Offset = 0;
        scale.Numerator = numerator / divisor;
        scale.Denominator = denominator / divisor;
        scale.CalibrationId = calibrationId;
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
