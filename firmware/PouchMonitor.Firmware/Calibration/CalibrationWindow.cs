using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>
/// The newest passes of a channel's raw quantities, for calibration to average: voltage and current in counts, the surface
/// thermistor in milliohms. A calibration looks back at what was read while the reference was applied, so that no command
/// has to wait. Fixed memory.
/// </summary>
public sealed class CalibrationWindow
{
    /// <summary>Passes that are averaged.</summary>
    public const int Passes = 64;

    /// <summary>Quantities that are kept; columns of voltage and current, then the thermistor.</summary>
    public const int Thermistor = 2;

    private const int QuantityCount = 3;
    private readonly long[][] values = new long[QuantityCount][];
    private readonly bool[][] isGood = new bool[QuantityCount][];
    private int next;

    public CalibrationWindow()
    {
        for (int i = 0; i < QuantityCount; i++)
        {
            values[i] = new long[Passes];
            isGood[i] = new bool[Passes];
        }
    }

    /// <summary>Takes a pass.</summary>
    public void Add(CellSample pass, long surfaceMilliohms)
    {
        Set(SampleColumns.Voltage, pass.StateOf(SampleColumns.Voltage), pass.Counts[SampleColumns.Voltage]);
        Set(SampleColumns.Current, pass.StateOf(SampleColumns.Current), pass.Counts[SampleColumns.Current]);
        Set(Thermistor, pass.StateOf(SampleColumns.Surface), surfaceMilliohms);
        next = (next + 1) % Passes;
    }

    /// <summary>Forgets everything, so that what is averaged next was read from now on.</summary>
    public void Clear()
    {
        for (int i = 0; i < QuantityCount; i++)
        {
            for (int at = 0; at < Passes; at++)
            {
                isGood[i][at] = false;
            }
        }
    }

    /// <summary>Passes of a quantity that were believed; an average needs all.</summary>
    public int GoodCount(int quantity)
    {
        int count = 0;
        for (int at = 0; at < Passes; at++)
        {
            count += isGood[quantity][at] ? 1 : 0;
        }

        return count;
    }

    /// <summary>Largest less smallest value.</summary>
    public long Spread(int quantity)
    {
        long lowest = values[quantity][0];
        long highest = lowest;
        for (int at = 1; at < Passes; at++)
        {
            long value = values[quantity][at];
            lowest = value < lowest ? value : lowest;
            highest = value > highest ? value : highest;
        }

        return highest - lowest;
    }

    /// <summary>Mean in thousandths.</summary>
    public long MeanThousandths(int quantity)
    {
        long sum = 0;
        for (int at = 0; at < Passes; at++)
        {
            sum += values[quantity][at];
        }

        long thousandths = sum * 1000;
        return (thousandths + (thousandths < 0 ? -Passes / 2 : Passes / 2)) / Passes;
    }

    private void Set(int quantity, SensorState state, long value)
    {
        isGood[quantity][next] = state == SensorState.Good;
        values[quantity][next] = value;
    }
}
