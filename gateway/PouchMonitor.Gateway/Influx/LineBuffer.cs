using System.Buffers.Text;
using System.Text;

namespace PouchMonitor.Gateway.Influx;

/// <summary>
/// Line protocol, written into one growing array that is used again for every batch. Each part is escaped by the rules of
/// its place; a value that has no form there (a number that is not finite) is left out. Times are Unix microseconds.
/// </summary>
public sealed class LineBuffer
{
    private const int LongestNumber = 40;
    private const int LongestTextBytes = 1024;
    private byte[] bytes = new byte[64 * 1024];
    private int length;
    private bool hasField;

    /// <summary>The lines so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Lines => bytes.AsMemory(0, length);

    public int Length => length;

    /// <summary>Whole lines so far.</summary>
    public int LineCount { get; private set; }

    public void Clear()
    {
        length = 0;
        LineCount = 0;
    }

    /// <summary>Starts a line with a measurement and tags as <see cref="SeriesKey"/> made them.</summary>
    public void Begin(ReadOnlySpan<byte> seriesKey)
    {
        Raw(seriesKey);
        hasField = false;
    }

    /// <summary>
    /// Measurement and tags as they stand at the start of a line, tags in the order of their names, as InfluxDB advises.
    /// </summary>
    public static byte[] SeriesKey(InfluxMeasurement measurement, params (string Tag, string Value)[] tags)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        StringBuilder text = new(measurement.Name);
        foreach ((string tag, string value) in tags.Where(tag => tag.Value.Length > 0).OrderBy(tag => tag.Tag, StringComparer.Ordinal))
        {
            text.Append(',').Append(tag).Append('=');
            AppendTagValue(text, value);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>mantissa / 10^decimals, digit for digit.</summary>
    /// <param name="name">Field.</param>
    /// <param name="mantissa">Any value.</param>
    /// <param name="decimals">0 to 18.</param>
    public void Decimal(ReadOnlySpan<byte> name, long mantissa, int decimals)
    {
        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        Name(name);
        Reserve(LongestNumber);
        if (mantissa < 0)
        {
            bytes[length++] = (byte)'-';
        }

        ulong magnitude = mantissa < 0 ? 0UL - (ulong)mantissa : (ulong)mantissa;
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(magnitude, digits, out int count);
        if (count <= decimals)
        {
            bytes[length++] = (byte)'0';
            bytes[length++] = (byte)'.';
            bytes.AsSpan(length, decimals - count).Fill((byte)'0');
            length += decimals - count;
            Raw(digits[..count]);
            return;
        }

        Raw(digits[..(count - decimals)]);
        if (decimals > 0)
        {
            bytes[length++] = (byte)'.';
            Raw(digits[(count - decimals)..count]);
        }
    }

    /// <summary>The shortest text that reads back to the same double; nothing where it is not finite.</summary>
    public void Number(ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            Name(name);
            Reserve(LongestNumber);
            Utf8Formatter.TryFormat(known, bytes.AsSpan(length), out int count);
            length += count;
        }
    }

    public void Integer(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
        {
            Name(name);
            Reserve(LongestNumber);
            Utf8Formatter.TryFormat(known, bytes.AsSpan(length), out int count);
            length += count;
            bytes[length++] = (byte)'i';
        }
    }

    public void Truth(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Raw(value ? "true"u8 : "false"u8);
    }

    /// <summary>A text; line breaks become spaces, and what is beyond 1,024 bytes is cut off. Nothing where it is null or empty.</summary>
    public void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        Name(name);
        Reserve((2 * LongestTextBytes) + 2);
        bytes[length++] = (byte)'"';
        int room = LongestTextBytes;
        Span<byte> one = stackalloc byte[4];
        foreach (Rune rune in value.EnumerateRunes())
        {
            int count = rune.EncodeToUtf8(one);
            room -= count;
            if (room < 0)
            {
                break;
            }

            if (rune.Value is '"' or '\\')
            {
                bytes[length++] = (byte)'\\';
            }

            Raw(Rune.IsControl(rune) ? " "u8 : one[..count]);
        }

        bytes[length++] = (byte)'"';
    }

    /// <summary>Ends the line with its time, Unix microseconds; a line without any field is taken back.</summary>
    /// <returns>True when there is a line.</returns>
    public bool End(long timeMicroseconds)
    {
        if (!hasField)
        {
            length = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            return false;
        }

        Reserve(LongestNumber);
        bytes[length++] = (byte)' ';
        Utf8Formatter.TryFormat(timeMicroseconds, bytes.AsSpan(length), out int count);
        length += count;
        bytes[length++] = (byte)'\n';
        LineCount++;
        return true;
    }

    private static void AppendTagValue(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            if (c is ',' or '=' or ' ')
            {
                text.Append('\\');
            }

            text.Append(char.IsControl(c) || c == '\\' ? '_' : c);
        }
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Reserve(name.Length + 2);
        bytes[length++] = hasField ? (byte)',' : (byte)' ';
        Raw(name);
        Raw("="u8);
        hasField = true;
    }

    private void Raw(ReadOnlySpan<byte> part)
    {
        Reserve(part.Length);
        part.CopyTo(bytes.AsSpan(length));
        length += part.Length;
    }

    private void Reserve(int count)
    {
        if (bytes.Length - length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        }
    }
}
