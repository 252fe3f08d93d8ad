using System.Buffers;
using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Formats;

/// <summary>
/// Writes samples as Battery Data Format, comma-separated (<see cref="BatteryDataColumns"/>): every value as the exact
/// decimal that its count stands for, so that reading gives the same double; a reading without a value is blank and its
/// state says why. A scale whose values have no end as decimals (a third of a volt) is written with 17 digits.
/// </summary>
public sealed class BatteryDataWriter : IDisposable
{
    private const int FlushBytes = 64 * 1024;
    private readonly Stream stream;
    private readonly int[] columns;
    private readonly ArrayBufferWriter<byte> buffer = new(2 * FlushBytes);
    private readonly DecimalScale[] scales = new DecimalScale[SampleColumns.Count];
    private long? firstMicroseconds;

    /// <param name="stream">Where to write; disposed with this.</param>
    /// <param name="columns">Columns that any sample has (<see cref="SampleColumns"/>); voltage is always written.</param>
    public BatteryDataWriter(Stream stream, IEnumerable<int> columns)
    {
        this.stream = stream;
        this.columns = [.. columns.Append(SampleColumns.Voltage).Append(SampleColumns.Current).Distinct().Order()];
        Text(string.Join(',',
        [
            BatteryDataColumns.TestTime, BatteryDataColumns.UnixTime, .. this.columns.Select(BatteryDataColumns.NameOf),
            BatteryDataColumns.States, BatteryDataColumns.VoltageMinimum, BatteryDataColumns.VoltageMaximum,
            BatteryDataColumns.SampleNumber, BatteryDataColumns.Boot, BatteryDataColumns.ChargedCounts, BatteryDataColumns.DischargedCounts,
        ]));
        Text("\n");
    }

    /// <summary>Rows written.</summary>
    public long RowCount { get; private set; }

    /// <summary>Writes some samples of a frame.</summary>
    /// <param name="frame">A decoded frame.</param>
    /// <param name="from">First sample in it.</param>
    /// <param name="bootStartMicroseconds">Unix microseconds at uptime zero.</param>
    /// <param name="keep">Says by its time in microseconds whether a sample is wanted; null keeps all.</param>
    public void Write(SampleFrame frame, int from, long bootStartMicroseconds, Func<long, bool>? keep = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            scales[column] = DecimalScale.Of(frame.Scales[column]);
        }

        for (int at = from; at < frame.Count; at++)
        {
            long time = bootStartMicroseconds + frame.UptimeMicroseconds[at];
            if (keep?.Invoke(time) ?? true)
            {
                WriteRow(frame, at, time);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        stream.Dispose();
    }

    private void WriteRow(SampleFrame frame, int at, long time)
    {
        firstMicroseconds ??= time;
        Decimal((Int128)time - firstMicroseconds.Value, 6);
        Text(",");
        Decimal(time, 6);
        uint states = frame.States[at];
        foreach (int column in columns)
        {
            Text(",");
            if (SensorStates.HasValue(states, column))
            {
                Value(frame.Counts[column][at], frame.Scales[column], scales[column]);
            }
        }

        Text(",");
        Decimal(states, 0);
        Text(",");
        if (frame.HasVoltageExtremes)
        {
            Value(frame.VoltageMinimumCounts[at], frame.Scales[SampleColumns.Voltage], scales[SampleColumns.Voltage]);
        }

        Text(",");
        if (frame.HasVoltageExtremes)
        {
            Value(frame.VoltageMaximumCounts[at], frame.Scales[SampleColumns.Voltage], scales[SampleColumns.Voltage]);
        }

        Text(",");
        Decimal(frame.FirstSampleNumber + at, 0);
        Text(",");
        Text(frame.Boot.ToString("x16", CultureInfo.InvariantCulture));

        // The counters stand for the last sample of their frame.
        bool hasCounters = frame.HasChargeCounters && at == frame.Count - 1;
        Text(",");
        if (hasCounters)
        {
            Decimal(frame.ChargedCountMicroseconds, 0);
        }

        Text(",");
        if (hasCounters)
        {
            Decimal(frame.DischargedCountMicroseconds, 0);
        }

        Text("\n");
        RowCount++;
        if (buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    private void Value(long count, ColumnScale scale, in DecimalScale exact)
    {
        if (exact.IsExact)
        {
            Decimal(((Int128)count + scale.Offset) * exact.Factor, exact.Decimals);
        }
        else
        {
            Text(ScaledValue.Of(count, scale).ToString("R", CultureInfo.InvariantCulture));
        }
    }

    // Mantissa / 10^decimals without an exponent and without zeros at its end.
    private void Decimal(Int128 mantissa, int decimals)
    {
        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        Span<char> digits = stackalloc char[48];
        Int128.Abs(mantissa).TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        Span<byte> to = buffer.GetSpan(64);
        int at = 0;
        if (mantissa < 0)
        {
            to[at++] = (byte)'-';
        }

        int whole = Math.Max(0, length - decimals);
        if (whole == 0)
        {
            to[at++] = (byte)'0';
        }

        at += Encoding.ASCII.GetBytes(digits[..whole], to[at..]);
        if (decimals > 0)
        {
            to[at++] = (byte)'.';
            for (int zeros = decimals - (length - whole); zeros > 0; zeros--)
            {
                to[at++] = (byte)'0';
            }

            at += Encoding.ASCII.GetBytes(digits[whole..length], to[at..]);
        }

        buffer.Advance(at);
    }

    private void Text(string text) => Encoding.ASCII.GetBytes(text, buffer);

    private void Flush()
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
