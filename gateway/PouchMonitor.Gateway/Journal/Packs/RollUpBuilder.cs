using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Builds the roll-ups of one stream from its frames in order: 1 s from samples, 1 min from those, 1 h from those. A change of
/// scales ends a row at every level, since counts of different scales cannot be added.
/// </summary>
/// <param name="full">Called with the level whose rows are as many as one block holds; they are written or dropped there.</param>
internal sealed class RollUpBuilder(Action<int> full)
{
    /// <summary>Most rows that are held of a level.</summary>
    public const int MostRows = 8192;

    /// <summary>Widths of the levels, microseconds.</summary>
    public static readonly long[] LevelMicroseconds = [1_000_000, 60_000_000, 3_600_000_000];

    private readonly RollUpCell[] cells = [new(), new(), new()];
    private readonly bool[] isOpen = new bool[3];
    private readonly bool[] isDropped = new bool[3];
    private ColumnScale[] scales = [];

    /// <summary>Rows by level.</summary>
    public RollUpRows[] Levels { get; } = [new(), new(), new()];

    /// <summary>Samples taken.</summary>
    public long Samples { get; private set; }

    public void Begin()
    {
        Samples = 0;
        scales = [];
        Array.Clear(isDropped);
        foreach (var rows in Levels)
        {
            rows.Clear();
        }
    }

    public void Take(SampleFrame frame)
    {
        if (scales.Length == 0 || !ScaleSets.AreSame(scales, frame.Scales))
        {
            End();
            scales = ScaleSets.Copy(frame.Scales);
        }

        Samples += frame.Count;
        for (int at = 0; at < frame.Count; at++)
        {
            Open(0, Floor(frame.UptimeMicroseconds[at], LevelMicroseconds[0]));
            cells[0].Take(frame, at);
        }
    }

    /// <summary>Keeps no rows of a level until the next stream begins.</summary>
    public void Drop(int level)
    {
        isDropped[level] = true;
        Levels[level].Clear();
    }

    /// <summary>Ends the rows under construction.</summary>
    public void End() => Close(0, all: true);

    /// <summary>Division that rounds down, also below zero.</summary>
    public static long Floor(long value, long by)
    {
        long quotient = value / by;
        return value % by < 0 ? quotient - 1 : quotient;
    }

    private void Open(int level, long bucket)
    {
        if (isOpen[level] && cells[level].Bucket == bucket)
        {
            return;
        }

        Close(level, all: false);
        isOpen[level] = true;
        cells[level].Begin(bucket);
    }

    private void Close(int level, bool all)
    {
        if (isOpen[level])
        {
            isOpen[level] = false;
            var cell = cells[level];
            if (!isDropped[level])
            {
                Levels[level].Add(cell, scales);
                if (Levels[level].Count == MostRows)
                {
                    full(level);
                }
            }

            if (level + 1 < cells.Length)
            {
                Open(level + 1, Floor(cell.Bucket, LevelMicroseconds[level + 1] / LevelMicroseconds[level]));
                cells[level + 1].Take(cell);
            }
        }

        if (all && level + 1 < cells.Length)
        {
            Close(level + 1, all: true);
        }
    }
}
