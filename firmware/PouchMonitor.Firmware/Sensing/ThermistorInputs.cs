using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// The thermistor dividers of a channel behind one ADS1115: surface, ambient and their common supply. One input a pass is
/// converted beside voltage and current, which costs no waiting: surface, supply, surface, ambient. So at 10 passes a second
/// the surface is read every 200 ms, ambient and supply every 400 ms; the converter's noise at 860 conversions a second
/// stays below a count at this range (SBAS444, table 1). After a pause all three are converted at once.
/// </summary>
public sealed class ThermistorInputs
{
    private const int SurfaceInput = Ads1115.InputSingle0;
    private const int AmbientInput = Ads1115.InputSingle0 + 1;
    private const int SupplyInput = Ads1115.InputSingle0 + 2;
    private const int TurnCount = 4;

    private readonly Ads1115 converter;
    private readonly IClock clock;
    private readonly FrozenWatch frozenSurface;
    private readonly FrozenWatch frozenAmbient;
    private ThermistorCurve surfaceCurve;
    private readonly ThermistorCurve ambientCurve;
    private readonly long seriesMilliohms;
    private SensorState supplyState = SensorState.BusError;
    private int supplyCode;
    private int surfaceCode;
    private int turn;
    private int startedInput;

    public ThermistorInputs(Ads1115 converter, IClock clock, ChannelConfiguration configuration)
    {
        this.converter = converter;
        this.clock = clock;
        surfaceCurve = ThermistorCurve.FromBeta(
            configuration.ThermistorSeriesOhms, configuration.ThermistorOhmsAt25C, configuration.ThermistorBetaKelvin);
        ambientCurve = surfaceCurve;
        seriesMilliohms = configuration.ThermistorSeriesOhms * 1000L;
        frozenSurface = new FrozenWatch(configuration.FrozenRepeatLimit);
        frozenAmbient = new FrozenWatch(configuration.FrozenRepeatLimit);
    }

    /// <summary>State and temperature of the surface, millidegrees Celsius, as last read.</summary>
    public SensorState SurfaceState { get; private set; } = SensorState.BusError;

    public int SurfaceMillidegrees { get; private set; }

    /// <summary>Uptime of that reading.</summary>
    public long SurfaceAtMicroseconds { get; private set; }

    /// <summary>State and temperature of the surroundings, millidegrees Celsius, as last read.</summary>
    public SensorState AmbientState { get; private set; } = SensorState.BusError;

    public int AmbientMillidegrees { get; private set; }

    /// <summary>Uptime of that reading.</summary>
    public long AmbientAtMicroseconds { get; private set; }

    /// <summary>Resistance of the surface thermistor as last read, whatever the curve; 0 where there is none.</summary>
    public long SurfaceMilliohms => surfaceCode <= 0 || supplyCode <= surfaceCode
        ? 0
        : seriesMilliohms * surfaceCode / (supplyCode - surfaceCode);

    /// <summary>Takes the surface's curve of a calibration; null goes back to the configured one.</summary>
    public void SetSurfaceCurve(ThermistorCurve? curve)
    {
        surfaceCurve = curve ?? ambientCurve;
    }

    /// <summary>Starts the conversion of the input whose turn it is; after a pause (<paramref name="isWhole"/>) the supply.</summary>
    public void Start(bool isWhole)
    {
        startedInput = SurfaceInput;
        if (isWhole || turn == 1)
        {
            startedInput = SupplyInput;
        }
        else if (turn == TurnCount - 1)
        {
            startedInput = AmbientInput;
        }

        turn = isWhole ? 0 : (turn + 1) % TurnCount;
        converter.Start(startedInput, Ads1115.Range4096Millivolts);
    }

    /// <summary>Fetches what was started, and after a pause converts the rest.</summary>
    public void Fetch(bool isWhole)
    {
        Fetch();
        if (!isWhole)
        {
            return;
        }

        startedInput = SurfaceInput;
        converter.Start(startedInput, Ads1115.Range4096Millivolts);
        Fetch();
        startedInput = AmbientInput;
        converter.Start(startedInput, Ads1115.Range4096Millivolts);
        Fetch();
    }

    /// <summary>The bus was not there for this pass: nothing is known.</summary>
    public void Lose()
    {
        supplyState = SensorState.BusError;
        SurfaceState = frozenSurface.Judge(SensorState.BusError, 0);
        AmbientState = frozenAmbient.Judge(SensorState.BusError, 0);
        turn = 0;
    }

    private void Fetch()
    {
        SensorState state = converter.Fetch(out int code);
        if (startedInput == SupplyInput)
        {
            supplyState = state;
            supplyCode = code;
            return;
        }

        bool isSurface = startedInput == SurfaceInput;
        int millidegrees = 0;
        if (state == SensorState.Good && supplyState == SensorState.Good)
        {
            state = (isSurface ? surfaceCurve : ambientCurve).Convert(code, supplyCode, out millidegrees);
        }
        else
        {
            state = SensorState.BusError;
        }

        if (isSurface)
        {
            surfaceCode = code;
            SurfaceState = frozenSurface.Judge(state, millidegrees);
            SurfaceMillidegrees = millidegrees;
            SurfaceAtMicroseconds = clock.UptimeMicroseconds;
        }
        else
        {
            AmbientState = frozenAmbient.Judge(state, millidegrees);
            AmbientMillidegrees = millidegrees;
            AmbientAtMicroseconds = clock.UptimeMicroseconds;
        }
    }
}
