using System.Text.Json;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Samples of other people's devices: <c>{"t": 1732150000.250, "v": 3.7312, "i": -1.5, "surface": 25.1}</c>, one object or
/// an array. Each becomes a frame of one sample in boot 0, numbered by its Unix microsecond, with its decimals as written.
/// </summary>
internal static class JsonSamples
{
    /// <summary>Most samples in one message.</summary>
    public const int MostSamples = 1000;

    /// <summary>2000-01-01 and 2200-01-01: outside, a time is a mistake.</summary>
    private const long EarliestMicroseconds = 946_684_800_000_000;
    private const long LatestMicroseconds = 7_258_118_400_000_000;

    private static readonly (string Name, int Column)[] Fields =
    [
        ("v", SampleColumns.Voltage), ("i", SampleColumns.Current), ("surface", SampleColumns.Surface),
        ("ir", SampleColumns.Infrared), ("ambient", SampleColumns.Ambient),
    ];

    /// <summary>Reads all samples of a message; nothing is taken where one of them is bad.</summary>
    /// <param name="payload">UTF-8 JSON.</param>
    /// <param name="node">Node of the topic.</param>
    /// <param name="channel">Channel of the topic.</param>
    /// <param name="frames">Receives a frame for each sample.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryRead(ReadOnlySpan<byte> payload, string node, string channel, List<SampleFrame> frames)
    {
        try
        {
            Utf8JsonReader reader = new(payload);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return Read(document.RootElement, node, channel, frames);
            }

            if (document.RootElement.GetArrayLength() > MostSamples)
            {
                return $"{document.RootElement.GetArrayLength()} samples in one message, at most {MostSamples}";
            }

            foreach (JsonElement sample in document.RootElement.EnumerateArray())
            {
                if (Read(sample, node, channel, frames) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        catch (JsonException error)
        {
            return $"not JSON: {error.Message}";
        }
    }

    private static string? Read(JsonElement sample, string node, string channel, List<SampleFrame> frames)
    {
        if (sample.ValueKind != JsonValueKind.Object)
        {
            return "a sample is not an object";
        }

        if (!TryNumber(sample, "t", out long seconds, out int secondDecimals) || !TryNumber(sample, "v", out _, out _))
        {
            return "a sample lacks 't' or 'v', or it is not a number";
        }

        long time = Microseconds(seconds, secondDecimals);
        if (time is < EarliestMicroseconds or > LatestMicroseconds)
        {
            return $"t = {sample.GetProperty("t").GetRawText()} is not a Unix time in seconds between 2000 and 2200";
        }

        SampleFrame frame = new(1)
        {
            Node = node,
            Channel = channel,
            Boot = BootLine.Foreign,
            FirstSampleNumber = time,
            IsLive = true,
            HasBootAnchor = true,
            Count = 1,
        };
        frame.UptimeMicroseconds[0] = time;
        frame.States[0] = SensorStates.AllAbsent;
        foreach ((string name, int column) in Fields)
        {
            if (!sample.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (!TryNumber(sample, name, out long mantissa, out int decimals))
            {
                return $"'{name}' is not a number this program can carry: {value.GetRawText()[..Math.Min(40, value.GetRawText().Length)]}";
            }

            frame.States[0] = SensorStates.With(frame.States[0], column, SensorState.Good);
            frame.Counts[column][0] = mantissa;
            frame.Scales[column].Denominator = PowerOfTen(decimals);
        }

        frames.Add(frame);
        return null;
    }

    private static bool TryNumber(JsonElement sample, string name, out long mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        if (!sample.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        string text = value.GetRawText();
        return DecimalText.TryParse(text, 0, text.Length, out mantissa, out decimals) == DecimalFault.None;
    }

    private static long Microseconds(long mantissa, int decimals)
    {
        Int128 scaled = (Int128)mantissa * 1_000_000;
        Int128 divisor = PowerOfTen(decimals);
        Int128 half = divisor / 2;
        Int128 rounded = scaled >= 0 ? (scaled + half) / divisor : (scaled - half) / divisor;
        return rounded > long.MaxValue || rounded < long.MinValue ? long.MinValue : (long)rounded;
    }

    private static long PowerOfTen(int decimals)
    {
        long power = 1;
        for (int i = 0; i < decimals; i++)
        {
            power *= 10;
        }

        return power;
    }
}
