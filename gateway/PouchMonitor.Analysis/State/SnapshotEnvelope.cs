namespace PouchMonitor.Analysis.State;

/// <summary>
/// A snapshot's outside: a mark, the version of its layout, its length and a 64-bit FNV-1a sum, so that a snapshot of
/// another version or a damaged one is refused before anything is replaced.
/// </summary>
internal static class SnapshotEnvelope
{
    private const uint Mark = 0x31534150; // "PAS1"

    /// <summary>Raised with every change of what any part saves.</summary>
    private const int Version = 6;

    /// <summary>The oldest that is read; it lacks the steps, which begin where it was saved.</summary>
    private const int OldestVersion = 2;
    private const int LongestBytes = 16 << 20;

    /// <summary>First layout that holds steps.</summary>
    public const int FirstWithSteps = 3;

    /// <summary>First layout that holds the projected end of life and what the resistances were.</summary>
    public const int FirstWithProjection = 4;

    /// <summary>First layout that follows several kinds of cycles.</summary>
    public const int FirstWithClasses = 5;

    /// <summary>First layout that holds what shorts and heat were in earlier cycles.</summary>
    public const int FirstWithShorts = 5;

    /// <summary>First layout that holds which board measured, and what it makes of a cycle's figures.</summary>
    public const int FirstWithBoards = 6;

    public static void Write(BinaryWriter writer, Action<BinaryWriter> writeParts)
    {
        using var parts = new MemoryStream();
        using (var partWriter = new BinaryWriter(parts, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writeParts(partWriter);
        }

        ReadOnlySpan<byte> bytes = parts.GetBuffer().AsSpan(0, (int)parts.Length);
        writer.Write(Mark);
        writer.Write(Version);
        writer.Write(bytes.Length);
        writer.Write(SumOf(bytes));
        writer.Write(bytes);
    }

    /// <exception cref="InvalidDataException">The snapshot is of another version or damaged.</exception>
    public static void Read(BinaryReader reader, Action<BinaryReader, int> readParts)
    {
        try
        {
            if (reader.ReadUInt32() != Mark)
            {
                throw new InvalidDataException("Not a snapshot of an analysis.");
            }

            int version = reader.ReadInt32();
            // Layout 3 had steps without the time their voltage was held; nothing released wrote it.
            if (version is not (OldestVersion or FirstWithProjection or FirstWithShorts or Version))
            {
                throw new InvalidDataException(
                    $"Snapshot is of layout {version}, this version reads {OldestVersion}, {FirstWithProjection}, {FirstWithShorts} and {Version}.");
            }

            int length = reader.ReadInt32();
            if (length is < 0 or > LongestBytes)
            {
                throw new InvalidDataException($"Snapshot says it has {length} bytes, at most {LongestBytes} are possible.");
            }

            ulong sum = reader.ReadUInt64();
            byte[] bytes = reader.ReadBytes(length);
            if (bytes.Length != length || SumOf(bytes) != sum)
            {
                throw new InvalidDataException($"Snapshot of {length} bytes is cut short or damaged.");
            }

            using var partReader = new BinaryReader(new MemoryStream(bytes, writable: false), System.Text.Encoding.UTF8);
            readParts(partReader, version);
        }
        catch (EndOfStreamException ended)
        {
            throw new InvalidDataException("Snapshot is cut short.", ended);
        }
    }

    private static ulong SumOf(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 14695981039346656037;
        foreach (byte b in bytes)
        {
            sum = (sum ^ b) * 1099511628211;
        }

        return sum;
    }
}
