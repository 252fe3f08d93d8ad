namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// Which board measured which stretch of a test, by the time of the samples. A cycle is told some time after it ended, so the
/// last few changes are kept; a stretch from before them, and one within which board or calibration changed, has no board.
/// </summary>
internal sealed class BoardSpans
{
    private const int Most = 8;
    private readonly List<(long FromMicroseconds, MeasuringBoard? Board)> spans = new(Most);

    /// <summary>What measures from a time on; null where it is not known.</summary>
    public void Take(long fromMicroseconds, MeasuringBoard? board)
    {
        if (spans.Count == 0 ? board is null : spans[^1].Board == board)
        {
            return;
        }

        // After a clock that was set back, times no longer tell which came first.
        if (spans.Count > 0 && fromMicroseconds < spans[^1].FromMicroseconds)
        {
            spans.Clear();
        }

        if (spans.Count == Most)
        {
            spans.RemoveAt(0);
        }

        spans.Add((fromMicroseconds, board));
    }

    /// <summary>The one board that measured all of a stretch; null where there was none, several, or nobody knows.</summary>
    public FrontEnd? Over(long firstMicroseconds, long lastMicroseconds)
    {
        int at = spans.FindLastIndex(span => span.FromMicroseconds <= lastMicroseconds);
        return at >= 0 && spans[at].FromMicroseconds <= firstMicroseconds ? spans[at].Board?.ToFrontEnd() : null;
    }

    public void Clear() => spans.Clear();

    public void Save(BinaryWriter writer)
    {
        writer.Write(spans.Count);
        foreach ((long fromMicroseconds, MeasuringBoard? board) in spans)
        {
            writer.Write(fromMicroseconds);
            writer.Write(board.HasValue);
            MeasuringBoard known = board.GetValueOrDefault();
            writer.Write(known.ShuntOhms);
            Save(writer, known.Voltage);
            Save(writer, known.Current);
        }
    }

    /// <exception cref="InvalidDataException">There are more than are ever kept.</exception>
    public void Load(BinaryReader reader)
    {
        spans.Clear();
        int count = reader.ReadInt32();
        if (count is < 0 or > Most)
        {
            throw new InvalidDataException($"Snapshot holds {count} boards of a channel, at most {Most} are kept.");
        }

        for (int i = 0; i < count; i++)
        {
            long fromMicroseconds = reader.ReadInt64();
            bool isKnown = reader.ReadBoolean();
            var board = new MeasuringBoard(reader.ReadDouble(), LoadInput(reader), LoadInput(reader));
            spans.Add((fromMicroseconds, isKnown ? board : null));
        }
    }

    private static void Save(BinaryWriter writer, MeasuringInput input)
    {
        writer.Write(input.CalibrationId);
        writer.Write(input.HasZero);
        writer.Write(input.HasGain);
    }

    private static MeasuringInput LoadInput(BinaryReader reader) => new(reader.ReadUInt32(), reader.ReadBoolean(), reader.ReadBoolean());
}
