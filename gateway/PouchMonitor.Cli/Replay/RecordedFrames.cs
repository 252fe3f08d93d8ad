using PouchMonitor.Formats;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Replay;

/// <summary>
/// Builds frames from the rows of a recorded series: the decimals of each column as written, brought to the most decimals
/// any row of the frame has. A row that would not fit the 64 bits of a column at the frame's decimals begins a new frame.
/// </summary>
internal sealed class RecordedFrames
{
    private readonly SampleFrame frame;
    private readonly int[] decimals = new int[SampleColumns.Count];
    private readonly int[] nextDecimals = new int[SampleColumns.Count];
    private readonly byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];
    private readonly int mostSamples;
    private readonly long mostMicroseconds;
    private bool isFirst = true;

    /// <param name="node">Node and cell name.</param>
    /// <param name="boot">Boot of this replay.</param>
    /// <param name="mostSamples">Samples in a frame at most.</param>
    /// <param name="mostMicroseconds">Time a frame spans at most, so that none is held back longer than it should.</param>
    /// <param name="anchorMicroseconds">Added to the file's times.</param>
    public RecordedFrames(string node, ulong boot, int mostSamples, long mostMicroseconds, long anchorMicroseconds)
    {
        this.mostSamples = mostSamples;
        this.mostMicroseconds = mostMicroseconds;
        frame = new SampleFrame(mostSamples)
        {
            Node = node,
            Channel = "1",
            Boot = boot,
            IsLive = true,
            HasBootAnchor = true,
            BootAnchorUnixMicroseconds = anchorMicroseconds,
        };
    }

    /// <summary>Samples put into frames so far.</summary>
    public long SampleCount { get; private set; }

    public bool IsEmpty => frame.Count == 0;

    /// <summary>Time of the last sample of the frame being built, in the file's microseconds.</summary>
    public long LastMicroseconds => frame.UptimeMicroseconds[frame.Count - 1];

    /// <summary>True when the row has to go into the next frame: finish this one first.</summary>
    public bool IsFullFor(RecordedRow row) => frame.Count > 0
        && (frame.Count == mostSamples
            || row.TimeMicroseconds - frame.UptimeMicroseconds[0] > mostMicroseconds
            || !Fits(row));

    /// <summary>Adds a row for which the frame is not full.</summary>
    public void Add(RecordedRow row)
    {
        if (frame.Count == 0)
        {
            Array.Clear(decimals);
            frame.FirstSampleNumber = row.Number;
        }

        if (!Fits(row))
        {
            throw new InvalidOperationException("The frame is full for this row.");
        }

        int at = frame.Count;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (nextDecimals[column] != decimals[column])
            {
                Rescale(column);
            }

            frame.Counts[column][at] = 0;
            if (row.IsPresent(column))
            {
                DecimalText.TryRescale(row.Mantissa(column), row.Decimals(column), decimals[column], out frame.Counts[column][at]);
            }
        }

        frame.States[at] = row.States;
        frame.UptimeMicroseconds[at] = row.TimeMicroseconds;
        frame.Count = at + 1;
        SampleCount++;
    }

    /// <summary>The bytes of the frame; the next row begins another. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Finish(bool endsTest)
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            frame.Scales[column].Denominator = DecimalText.PowerOfTen(decimals[column]);
        }

        frame.StartsTest = isFirst;
        frame.EndsTest = endsTest;
        isFirst = false;
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        frame.Clear();
        return buffer.AsMemory(0, length);
    }

    // Finds the decimals that the frame would need with this row, and whether everything fits 64 bits at them.
    private bool Fits(RecordedRow row)
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            int needed = row.IsPresent(column) ? Math.Max(decimals[column], row.Decimals(column)) : decimals[column];
            nextDecimals[column] = needed;
            if (row.IsPresent(column) && !DecimalText.TryRescale(row.Mantissa(column), row.Decimals(column), needed, out _))
            {
                return false;
            }

            if (needed == decimals[column])
            {
                continue;
            }

            for (int at = 0; at < frame.Count; at++)
            {
                if (!DecimalText.TryRescale(frame.Counts[column][at], decimals[column], needed, out _))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Rescale(int column)
    {
        for (int at = 0; at < frame.Count; at++)
        {
            DecimalText.TryRescale(frame.Counts[column][at], decimals[column], nextDecimals[column], out frame.Counts[column][at]);
        }

        decimals[column] = nextDecimals[column];
    }
}
