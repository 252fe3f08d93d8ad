using System;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>What of the store goes to flash, and when.</summary>
public sealed partial class FrameStore
{
    private void FlushWhatIsDue(long now)
    {
        if (flash == null)
        {
            return;
        }

        lock (gate)
        {
            int place = ring.FirstNotOnFlash();
            if (place >= 0 && now >= noFlushBeforeMicroseconds && now - ring.OldestOf(place) > FlushAgeMicroseconds && !Flush())
            {
                noFlushBeforeMicroseconds = now + FlashPauseMicroseconds;
            }
        }
    }

    /// <summary>Writes what is not on flash, several frames in one go, since each write costs a sector.</summary>
    private bool Flush()
    {
        if (flash == null)
        {
            return false;
        }

        bool isWritten = true;
        int from = 0;
        while (isWritten && from < ring.Count)
        {
            int length = 0;
            int next = from;
            while (next < ring.Count)
            {
                int size = ring.UnflushedLength(next);
                if (length > 0 && length + size > batch.Length)
                {
                    break;
                }

                if (size > batch.Length)
                {
                    // Too large for the batch: goes on its own.
                    isWritten = flash.TryAppend(ring.PayloadOf(ring.PlaceAt(next)), size);
                    length = isWritten ? size : 0;
                    next++;
                    break;
                }

                if (size > 0)
                {
                    Array.Copy(ring.PayloadOf(ring.PlaceAt(next)), 0, batch, length, size);
                    length += size;
                }

                next++;
            }

            bool isOne = length > batch.Length;
            isWritten = isWritten && (length == 0 || isOne || flash.TryAppend(batch, length));
            if (isWritten)
            {
                HandOver(from, next, length);
            }

            from = next;
        }

        ring.FreeDone();
        return isWritten;
    }

    /// <summary>The frames from one index to before another stand on flash, the first of them so many bytes before the end.</summary>
    private void HandOver(int from, int to, int bytesFromEnd)
    {
        for (int i = from; i < to && flash != null; i++)
        {
            int size = ring.UnflushedLength(i);
            if (size == 0)
            {
                continue;
            }

            int place = ring.PlaceAt(i);
            long position = flash.PositionFromEnd(bytesFromEnd);
            bytesFromEnd -= size;
            if (ring.ProgressOf(place) == FrameProgress.InFlight)
            {
                ring.SetPosition(place, position);
                flash.Hold(position);
            }
            else
            {
                // What the broker has may wait long for the gateway's word, behind a backlog of the same boot: the copy on
                // flash waits for it too, and is sent again only if the word has not come when its turn has.
                ring.Finish(place);
            }
        }
    }
}
