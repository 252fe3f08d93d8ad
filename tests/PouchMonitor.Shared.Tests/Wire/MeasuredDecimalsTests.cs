using System.IO.Compression;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>
/// Every voltage, current and temperature of the measured series, through text, frames of 60 with as few common decimals
/// as the frame needs, bytes, and back to the identical decimal.
/// </summary>
public class MeasuredDecimalsTests(ITestOutputHelper output)
{
    private const int FrameSamples = 60;

    private static string? Folder { get; } =
        new[] { Environment.GetEnvironmentVariable("POUCHMONITOR_DATA"), Path.Combine(Vectors.Root, "..", "shared", "data") }
            .FirstOrDefault(path => !string.IsNullOrEmpty(path) && Directory.Exists(Path.Combine(path, "series")));

    public static TheoryData<string> Series()
    {
        var names = new TheoryData<string>();
        if (Folder is not null)
        {
            foreach (string path in Directory.GetFiles(Folder, "*.csv.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string parent = Path.GetFileName(Path.GetDirectoryName(path)!);
                if (parent is "series" or "abuse")
                {
                    names.Add(parent + "/" + Path.GetFileName(path));
                }
            }
        }
        else
        {
            names.Add("");
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Series))]
    public void EveryDecimal_ComesBackIdentical(string name)
    {
        Assert.SkipWhen(Folder is null, "no measured series: set POUCHMONITOR_DATA or place them in ../shared/data");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Folder!, name)), CompressionMode.Decompress));
        string[] heads = reader.ReadLine()!.Split(',');
        var fields = new int[SampleColumns.Count];
        Array.Fill(fields, -1);
        fields[SampleColumns.Voltage] = Array.IndexOf(heads, "voltage_V");
        fields[SampleColumns.Current] = Array.IndexOf(heads, "current_A");
        int temperature = SampleColumns.Surface;
        for (int i = 0; i < heads.Length; i++)
        {
            if (heads[i].StartsWith("temperature", StringComparison.Ordinal))
            {
                fields[temperature++] = i;
            }
        }

        var run = new DecimalFrames(FrameSamples);
        while (reader.ReadLine() is { } line)
        {
            run.Add(line.Split(','), fields);
        }

        run.Flush();
        output.WriteLine($"{run.SampleCount} samples, {run.ValueCount} decimals, {run.RoundedCount} rounded, {run.ByteCount / (double)run.SampleCount:F2} bytes a sample");
        Assert.True(run.ValueCount > 0);
        Assert.Equal(0, run.RoundedCount);
    }

    /// <summary>Collects decimals into frames, and checks each frame when it is full.</summary>
    private sealed class DecimalFrames(int capacity)
    {
        private readonly SampleFrame frame = new(capacity) { Node = "replay", Channel = "1" };
        private readonly SampleFrame back = new(capacity);
        private readonly long[,] mantissas = new long[SampleColumns.Count, capacity];
        private readonly int[,] decimals = new int[SampleColumns.Count, capacity];
        private readonly byte[] bytes = new byte[SampleFrame.MaximumEncodedBytes];
        private readonly CellSample sample = new();

        public long SampleCount { get; private set; }

        public long ValueCount { get; private set; }

        public long RoundedCount { get; private set; }

        public long ByteCount { get; private set; }

        public void Add(string[] cells, int[] fields)
        {
            sample.Clear();
            sample.Number = SampleCount;
            sample.UptimeMicroseconds = SampleCount * 1000000;
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                string text = fields[column] < 0 ? "" : cells[fields[column]];
                DecimalFault fault = DecimalText.TryParse(text, 0, text.Length, out long mantissa, out int digits, out bool isRounded);
                if (fault == DecimalFault.Empty)
                {
                    continue;
                }

                Assert.Equal(DecimalFault.None, fault);
                mantissas[column, frame.Count] = mantissa;
                decimals[column, frame.Count] = digits;
                sample.SetGood(column, mantissa);
                ValueCount++;
                RoundedCount += isRounded ? 1 : 0;
            }

            frame.Add(sample);
            SampleCount++;
            if (frame.Count == capacity)
            {
                Flush();
            }
        }

        public void Flush()
        {
            if (frame.Count == 0)
            {
                return;
            }

            for (int column = 0; column < SampleColumns.Count; column++)
            {
                int common = 0;
                for (int i = 0; i < frame.Count; i++)
                {
                    common = SensorStates.HasValue(frame.States[i], column) ? Math.Max(common, decimals[column, i]) : common;
                }

                frame.Scales[column].Denominator = DecimalText.PowerOfTen(common);
                for (int i = 0; i < frame.Count; i++)
                {
                    if (SensorStates.HasValue(frame.States[i], column))
                    {
                        Assert.True(DecimalText.TryRescale(mantissas[column, i], decimals[column, i], common, out frame.Counts[column][i]));
                    }
                }
            }

            int length = SampleFrameEncoder.Encode(frame, bytes, 0);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, length, back));
            ByteCount += length;
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                for (int i = 0; i < frame.Count; i++)
                {
                    Assert.Equal(frame.States[i], back.States[i]);
                    if (SensorStates.HasValue(back.States[i], column))
                    {
                        CheckOne(column, i);
                    }
                }
            }

            frame.Clear();
        }

        private void CheckOne(int column, int i)
        {
            int common = LogTen(back.Scales[column].Denominator);
            bool isExact = DecimalText.TryRescale(back.Counts[column][i], common, decimals[column, i], out long mantissa);
            if (!isExact || mantissa != mantissas[column, i])
            {
                Assert.Fail($"column {column}: {mantissas[column, i]}e-{decimals[column, i]} came back as {back.Counts[column][i]}e-{common}");
            }
        }

        private static int LogTen(long power)
        {
            int exponent = 0;
            for (; power > 1; power /= 10)
            {
                exponent++;
            }

            return exponent;
        }
    }
}
