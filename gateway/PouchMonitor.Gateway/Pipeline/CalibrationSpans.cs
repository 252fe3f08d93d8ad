using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Which calibrations covered which stretch of a test, from its frames in sample order. A frame is compared with the
/// one before by its calibration ids, which costs nothing beside judging it. A scale without a calibration says how
/// numbers were written and nothing of the instrument; a column that a frame lacks keeps what it had.
/// </summary>
internal sealed class CalibrationSpans
{
    /// <summary>Most spans of a test; further changes are counted in the last.</summary>
    public const int Most = 256;
    private readonly List<CalibrationSpan> spans = [];
    private readonly CalibratedColumn?[] now = new CalibratedColumn?[SampleColumns.Count];

    public int Count => spans.Count;

    public long UnlistedFrames { get; private set; }

    /// <summary>Takes up what was stored.</summary>
    public void Restore(IReadOnlyList<CalibrationSpan> stored)
    {
        spans.AddRange(stored);
        UnlistedFrames = stored.Count > 0 ? stored[^1].UnlistedFrames : 0;
        Remember();
    }

    /// <summary>Goes back to as many spans as there were at an earlier place.</summary>
    public void RollBack(int count, long unlistedFrames)
    {
        spans.RemoveRange(count, spans.Count - count);
        UnlistedFrames = unlistedFrames;
        Remember();
    }

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="from">First of its samples that is new.</param>
    /// <param name="bootStartMicroseconds">Unix microseconds at uptime zero.</param>
    /// <param name="lastMicroseconds">Time of the last sample before it; null where it is the test's first.</param>
    /// <param name="isKnown">True for a calibration whose record is known, so that it is applied.</param>
    public void Take(SampleFrame frame, int from, long bootStartMicroseconds, long? lastMicroseconds, Func<uint, bool> isKnown)
    {
        bool changes = false;
        for (int column = 0; column < now.Length; column++)
        {
            ColumnScale scale = frame.Scales[column];
            changes |= scale.CalibrationId != 0 ? !Is(now[column], scale, isKnown(scale.CalibrationId)) : now[column] is not null && !IsAbsent(scale);
        }

        if (!changes || from >= frame.Count)
        {
            return;
        }

        if (spans.Count == Most)
        {
            UnlistedFrames++;
            return;
        }

        if (spans.Count > 0)
        {
            spans[^1] = spans[^1] with { LastMicroseconds = lastMicroseconds ?? spans[^1].LastMicroseconds };
        }

        for (int column = 0; column < now.Length; column++)
        {
            ColumnScale scale = frame.Scales[column];
            now[column] = scale.CalibrationId != 0
                ? new CalibratedColumn(column, scale.CalibrationId, scale.Offset, scale.Numerator, scale.Denominator)
                {
                    IsApplied = isKnown(scale.CalibrationId),
                }
                : IsAbsent(scale) ? now[column] : null;
        }

        long first = bootStartMicroseconds + frame.UptimeMicroseconds[from];
        spans.Add(new CalibrationSpan
        {
            FirstMicroseconds = first, LastMicroseconds = first, Boot = frame.Boot, FirstNumber = frame.FirstSampleNumber + from,
            Columns = [.. now.OfType<CalibratedColumn>()],
        });
    }

    /// <summary>The spans from one on; the last reaches to the last sample.</summary>
    public IReadOnlyList<CalibrationSpan> From(int index, long? lastMicroseconds)
    {
        List<CalibrationSpan> list = [.. spans.Skip(index)];
        if (list.Count > 0)
        {
            list[^1] = list[^1] with { LastMicroseconds = lastMicroseconds ?? list[^1].LastMicroseconds, UnlistedFrames = UnlistedFrames };
        }

        return list;
    }

    /// <summary>The first stretch that was judged as read although its calibration is known by now; null for none.</summary>
    public CalibrationSpan? FirstToApply(Func<uint, bool> isKnown) =>
        spans.Find(span => span.Columns.Any(column => !column.IsApplied && isKnown(column.Id)));

    private static bool Is(CalibratedColumn? known, ColumnScale scale, bool isApplied) => known is not null
        && known.Id == scale.CalibrationId && known.IsApplied == isApplied && known.Offset == scale.Offset && known.Numerator == scale.Numerator && known.Denominator == scale.Denominator;

    // The wire has no other sign of a column that is not there than the scale that says nothing.
    private static bool IsAbsent(ColumnScale scale) => scale is { Offset: 0, Numerator: 1, Denominator: 1, CalibrationId: 0 };

    private void Remember()
    {
        Array.Clear(now);
        foreach (CalibratedColumn column in spans.Count > 0 ? spans[^1].Columns : [])
        {
            now[column.Column] = column;
        }
    }
}
