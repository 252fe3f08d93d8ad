using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// The files of the flash queue: numbered segments to which whole frames are added end to end, exactly as on the wire, each
/// with its own length and check sum. A segment is never added to in a later boot, so that a torn frame, which a loss of
/// power leaves, is always the last of its segment.
/// </summary>
public sealed class SegmentFiles
{
    /// <summary>A segment that has this many bytes is closed.</summary>
    public const int SegmentBytes = 16 * 1024;

    private const string Prefix = "queue";
    private const int DigitCount = 8;
    private const string Digits = "0123456789abcdef";

    private readonly IFileSystem files;
    private readonly long byteLimit;
    private bool isOpen;
    private int lastLength;

    /// <summary>Finds what earlier boots have left.</summary>
    public SegmentFiles(IFileSystem files, long byteLimit)
    {
        this.files = files;
        this.byteLimit = byteLimit;
        First = int.MaxValue;
        Last = -1;
        string[] names = files.List();
        for (int i = 0; i < names.Length; i++)
        {
            int segment = NumberOf(names[i]);
            if (segment >= 0)
            {
                First = segment < First ? segment : First;
                Last = segment > Last ? segment : Last;
                Bytes += files.Length(names[i]);
            }
        }

        First = Last < 0 ? 0 : First;
        lastLength = Last < 0 ? 0 : StoredLength(Last);
    }

    /// <summary>The oldest segment.</summary>
    public int First { get; private set; }

    /// <summary>The newest segment, which may be open; before <see cref="First"/> when there is none.</summary>
    public int Last { get; private set; }

    /// <summary>Bytes of all segments.</summary>
    public long Bytes { get; private set; }

    /// <summary>Times that the flash refused to write.</summary>
    public long FailedWriteCount { get; private set; }

    /// <summary>Adds whole frames; false, and nothing is added that counts, when there is no room or the flash refuses.</summary>
    public bool TryAppend(byte[] frames, int length)
    {
        if (length > byteLimit - Bytes)
        {
            return false;
        }

        if (!isOpen || lastLength >= SegmentBytes)
        {
            Last++;
            lastLength = 0;
            isOpen = true;
        }

        if (files.Append(NameOf(Last), frames, length))
        {
            Bytes += length;
            lastLength += length;
            return true;
        }

        // Part of it may stand there: what follows goes elsewhere.
        FailedWriteCount++;
        Bytes -= lastLength;
        lastLength = StoredLength(Last);
        Bytes += lastLength;
        isOpen = false;
        return false;
    }

    /// <summary>Reads from a segment; how many bytes there were.</summary>
    public int Read(int segment, int offset, byte[] buffer, int count) => files.ReadPart(NameOf(segment), offset, buffer, count);

    /// <summary>Bytes of a segment, 0 when it is not there.</summary>
    public int LengthOf(int segment) => segment == Last ? lastLength : StoredLength(segment);

    /// <summary>What is added from now on goes to a new segment.</summary>
    public void CloseLast()
    {
        isOpen = false;
    }

    /// <summary>Removes the oldest segment; false when the flash refuses.</summary>
    public bool RemoveFirst()
    {
        int length = LengthOf(First);
        if (!files.Delete(NameOf(First)))
        {
            return false;
        }

        if (First == Last)
        {
            isOpen = false;
            lastLength = 0;
        }

        Bytes -= length;
        First++;
        return true;
    }

    private int StoredLength(int segment)
    {
        long length = files.Length(NameOf(segment));
        return length < 0 ? 0 : (int)length;
    }

    private static string NameOf(int segment)
    {
        char[] text = new char[DigitCount];
        for (int i = DigitCount - 1; i >= 0; i--)
        {
            text[i] = Digits[segment & 15];
            segment >>= 4;
        }

        return Prefix + new string(text);
    }

    private static int NumberOf(string name)
    {
        if (name.Length != Prefix.Length + DigitCount || !name.StartsWith(Prefix))
        {
            return -1;
        }

        int number = 0;
        for (int i = Prefix.Length; i < name.Length; i++)
        {
            int digit = Digits.IndexOf(name[i]);
            if (digit < 0 || number > int.MaxValue >> 4)
            {
                return -1;
            }

            number = (number << 4) | digit;
        }

        return number;
    }
}
