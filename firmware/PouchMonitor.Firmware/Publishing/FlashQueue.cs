using System;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Frames that wait on flash, oldest first, those of earlier boots with their bytes as they were. Only the frames at the
/// front, up to a window, are known one by one; the rest is bytes in segments, so that hours of frames need no memory. A
/// segment goes when every frame of it is done. Progress inside a segment is not written down: after a restart at most one
/// window and one segment are sent again, which the gateway counts once. The caller locks.
/// </summary>
public sealed class FlashQueue
{
    private const int ChunkBytes = 2048;
    private const int OffsetBits = 24;

    private readonly SegmentFiles segments;
    private readonly FrameHead head = new FrameHead();
    private readonly FrameWindow window;
    private readonly StoredMarks marks = new StoredMarks();
    private readonly string node;
    private readonly byte[] chunk = new byte[ChunkBytes];
    private readonly long[] notedPositions;
    private readonly bool[] isNotedDone;
    private int notedCount;
    private int chunkSegment = -1;
    private int chunkOffset;
    private int chunkLength;
    private int readSegment;
    private int readOffset;

    /// <param name="files">The flash.</param>
    /// <param name="node">Name of the node; of frames under another name the gateway's word is not heard.</param>
    /// <param name="byteLimit">Bytes on flash at most.</param>
    /// <param name="windowSize">Frames known one by one.</param>
    public FlashQueue(IFileSystem files, string node, long byteLimit, int windowSize)
    {
        this.node = node;
        segments = new SegmentFiles(files, byteLimit);
        window = new FrameWindow(windowSize);
        notedPositions = new long[windowSize];
        isNotedDone = new bool[windowSize];
        readSegment = segments.First;
    }

    /// <summary>Bytes on flash, frames that are done and wait for the rest of their segment included.</summary>
    public long Bytes => segments.Bytes;

    /// <summary>True when nothing on flash is left to be done.</summary>
    public bool IsEmpty => window.Count == 0 && !HasUnread;

    /// <summary>Frames of the window that the link has.</summary>
    public int InFlightCount => window.InFlightCount;

    /// <summary>Bytes left out since boot because they are no whole frame: torn by a loss of power, or worn.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Times since boot that the flash refused to write.</summary>
    public long FailedWriteCount => segments.FailedWriteCount;

    private bool HasUnread => readSegment < segments.Last
        || (readSegment == segments.Last && readOffset < segments.LengthOf(readSegment));

    /// <summary>Adds whole frames; false when there is no room or the flash refuses, and then nothing was added.</summary>
    public bool TryAppend(byte[] frames, int length) => segments.TryAppend(frames, length);

    /// <summary>The position of a frame that stands so many bytes before the end of what was added last.</summary>
    public long PositionFromEnd(int bytesFromEnd) =>
        ((long)segments.Last << OffsetBits) | (uint)(segments.LengthOf(segments.Last) - bytesFromEnd);

    /// <summary>
    /// The link already has the frame at this position, which was added just now: it is not to be sent from here. Forgotten
    /// when there are too many or the node restarts, which costs a repetition.
    /// </summary>
    public void Hold(long position)
    {
        if (notedCount < notedPositions.Length)
        {
            notedPositions[notedCount] = position;
            isNotedDone[notedCount] = false;
            notedCount++;
        }
    }

    /// <summary>The link gave up the frame that was held: it is sent from here.</summary>
    public void Release(long position)
    {
        window.Release(position);
        int note = NoteOf(position);
        if (note >= 0)
        {
            RemoveNote(note);
        }
    }

    /// <summary>The frame that was held is done.</summary>
    public void SetDone(long position)
    {
        window.SetDone(position);
        int note = NoteOf(position);
        if (note >= 0)
        {
            isNotedDone[note] = true;
        }

        FreeDone();
    }

    /// <summary>The oldest frame that is to be sent, with its place in the window; -1 when there is none or no room for it.</summary>
    public int TryNext(out string topic, out byte[] payload)
    {
        int place = window.FirstWaiting();
        if (place < 0)
        {
            place = ReadIntoWindow();
        }

        topic = place < 0 ? "" : window.TopicOf(place);
        payload = place < 0 ? new byte[0] : Load(window.PositionOf(place), window.LengthOf(place));
        return place;
    }

    /// <summary>The frame of this place was handed to the link.</summary>
    public void MarkInFlight(int place, int messageId) => window.MarkInFlight(place, messageId);

    /// <summary>Word on a message; false when it is none of ours.</summary>
    public bool Settle(int messageId, bool isPublished, bool isDone)
    {
        bool isOurs = window.Settle(messageId, isPublished, isDone);
        FreeDone();
        return isOurs;
    }

    /// <summary>The connection is gone: what was in flight or without the gateway's word waits again.</summary>
    public void Recall() => window.Recall();

    /// <summary>The gateway has all samples of a boot and channel below a number.</summary>
    public void FreeStored(ulong boot, string topic, long below)
    {
        marks.Set(boot, topic, below);
        window.FreeStored(boot, topic, below);
        FreeDone();
    }

    private static long PositionOf(int segment, int offset) => ((long)segment << OffsetBits) | (uint)offset;

    private int ReadIntoWindow()
    {
        while (!window.IsFull && HasUnread)
        {
            int length = NextLength();
            if (length == 0)
            {
                // Nothing behind it can be trusted: frames have no mark to find them by but the length of the one before.
                SkippedBytes += segments.LengthOf(readSegment) - readOffset;
                if (readSegment == segments.Last)
                {
                    segments.CloseLast();
                }

                NextSegment();
                continue;
            }

            long position = PositionOf(readSegment, readOffset);
            readOffset += length;
            int place = window.Add(position, length, head, head.Node == node);
            bool isWaiting = ApplyNote(position);
            if (isWaiting && marks.Has(head.Boot, window.TopicOf(place), window.EndOf(place)))
            {
                window.SetDone(position);
                window.FreeDone();
                isWaiting = false;
            }

            if (readSegment < segments.Last && readOffset >= segments.LengthOf(readSegment))
            {
                NextSegment();
            }

            if (isWaiting)
            {
                return place;
            }
        }

        FreeDone();
        return -1;
    }

    private void NextSegment()
    {
        readSegment++;
        readOffset = 0;
    }

    /// <summary>Length of the whole frame under the cursor, its head read; 0 when there is none.</summary>
    private int NextLength()
    {
        int available = Buffer(readSegment, readOffset, ChunkBytes);
        int at = readOffset - chunkOffset;
        int length = available < FrameHead.LengthBytes ? 0 : FrameHead.LengthAt(chunk, at);
        if (length == 0 || length > segments.LengthOf(readSegment) - readOffset)
        {
            return 0;
        }

        bool isWhole;
        if (length <= available)
        {
            isWhole = FrameHead.IsWhole(chunk, at, length);
        }
        else
        {
            byte[] payload = new byte[length];
            isWhole = segments.Read(readSegment, readOffset, payload, length) == length && FrameHead.IsWhole(payload, 0, length);
        }

        int headLength = length < available ? length : available;
        return isWhole && head.TryRead(chunk, at, headLength) ? length : 0;
    }

    /// <summary>Makes the bytes from an offset lie in the chunk; how many there are. Reads again only when too few do.</summary>
    private int Buffer(int segment, int offset, int wanted)
    {
        int have = chunkSegment == segment && offset >= chunkOffset ? chunkLength - (offset - chunkOffset) : 0;
        if (have >= FrameHead.LengthBytes)
        {
            int length = FrameHead.LengthAt(chunk, offset - chunkOffset);
            if (length > 0 && length <= have)
            {
                return have;
            }
        }

        chunkSegment = segment;
        chunkOffset = offset;
        chunkLength = segments.Read(segment, offset, chunk, wanted);
        return chunkLength;
    }

    private byte[] Load(long position, int length)
    {
        byte[] payload = new byte[length];
        int segment = (int)(position >> OffsetBits);
        int offset = (int)(position & ((1 << OffsetBits) - 1));
        if (chunkSegment == segment && offset >= chunkOffset && offset + length <= chunkOffset + chunkLength)
        {
            Array.Copy(chunk, offset - chunkOffset, payload, 0, length);
        }
        else
        {
            segments.Read(segment, offset, payload, length);
        }

        return payload;
    }

    /// <summary>Treats a frame that came into the window as was noted before; true when it is to be sent.</summary>
    private bool ApplyNote(long position)
    {
        int note = NoteOf(position);
        if (note < 0)
        {
            return true;
        }

        if (isNotedDone[note])
        {
            window.SetDone(position);
        }
        else
        {
            window.Hold(position);
        }

        RemoveNote(note);
        return false;
    }

    private int NoteOf(long position)
    {
        for (int i = 0; i < notedCount; i++)
        {
            if (notedPositions[i] == position)
            {
                return i;
            }
        }

        return -1;
    }

    private void RemoveNote(int note)
    {
        notedCount--;
        notedPositions[note] = notedPositions[notedCount];
        isNotedDone[note] = isNotedDone[notedCount];
    }

    /// <summary>Removes the segments of which every frame is done.</summary>
    private void FreeDone()
    {
        window.FreeDone();
        int needed = window.Count > 0 ? (int)(window.PositionOf(window.First) >> OffsetBits) : readSegment;
        while (segments.First < needed && segments.First <= segments.Last)
        {
            if (!segments.RemoveFirst())
            {
                return;
            }
        }

        // The last one goes as well once it is all done, so that a restart does not send it again.
        if (window.Count == 0 && segments.First == segments.Last && readSegment == segments.Last && !HasUnread
            && segments.RemoveFirst())
        {
            NextSegment();
        }
    }
}
