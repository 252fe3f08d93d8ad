using System.Buffers;
using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

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
    private readonly ColumnScale[] scaleOf = [.. Enumerable.Range(0, SampleColumns.Count).Select(_ => new ColumnScale())];
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

    /// <summary>Says what the counts of the rows that follow mean.</summary>
    /// <param name="columnScales">A scale for each of the <see cref="SampleColumns"/>.</param>
    public void SetScales(IReadOnlyList<ColumnScale> columnScales)
    {
        ArgumentNullException.ThrowIfNull(columnScales);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            scaleOf[column] = columnScales[column];
            scales[column] = DecimalScale.Of(columnScales[column]);
        }
    }

    /// <summary>Writes a sample.</summary>
    public void Write(BatteryDataRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        firstMicroseconds ??= row.TimeMicroseconds;
        Decimal((Int128)row.TimeMicroseconds - firstMicroseconds.Value, 6);
        Text(",");
        Decimal(row.TimeMicroseconds, 6);
        foreach (int column in columns)
        {
            Text(",");
            if (SensorStates.HasValue(row.States, column))
            {
                Value(column, row.Counts[column]);
            }
        }

        Text(",");
        Decimal(row.States, 0);
        Optional(row.VoltageMinimumCount, isVoltage: true);
        Optional(row.VoltageMaximumCount, isVoltage: true);
        Text(",");
        Decimal(row.Number, 0);
        Text(",");
        Text(row.Boot.ToString("x16", CultureInfo.InvariantCulture));
        Optional(row.ChargedCountMicroseconds, isVoltage: false);
        Optional(row.DischargedCountMicroseconds, isVoltage: false);
        Text("\n");
        RowCount++;
        if (buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        stream.Dispose();
    }

    private void Optional(long? count, bool isVoltage)
    {
        Text(",");
        if (count is { } known && isVoltage)
        {
            Value(SampleColumns.Voltage, known);
        }
        else if (count is { } number)
        {
            Decimal(number, 0);
        }
    }

    private void Value(int column, long count)
    {
        ref readonly DecimalScale exact = ref scales[column];
        if (exact.IsExact)
        {
            Decimal(((Int128)count + scaleOf[column].Offset) * exact.Factor, exact.Decimals);
        }
        else
        {
            Text(ScaledValue.Of(count, scaleOf[column]).ToString("R", CultureInfo.InvariantCulture));
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
