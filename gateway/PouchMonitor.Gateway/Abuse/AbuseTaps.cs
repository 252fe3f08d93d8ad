using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>One channel whose frames an abuse test wants as they come.</summary>
internal sealed class AbuseTap(string node, string channel)
{
    private int isIncomplete;

    public string Node { get; } = node;

    public string Channel { get; } = channel;

    /// <summary>Notes that a frame was not handed over.</summary>
    public void MarkIncomplete() => Volatile.Write(ref isIncomplete, 1);

    /// <summary>True once after a frame was not handed over: what was missed is read from the journal then.</summary>
    public bool TakeIncomplete() => Interlocked.Exchange(ref isIncomplete, 0) != 0;
}

/// <summary>A frame on its way from a worker to the desk; its bytes go back to the pool afterwards.</summary>
/// <param name="Tap">Its channel.</param>
/// <param name="Buffer">Rented.</param>
/// <param name="Length">Bytes of the frame.</param>
/// <param name="BootStartMicroseconds">Unix microseconds at uptime zero of its boot, as the pipeline takes it.</param>
/// <param name="ReceivedMicroseconds">Gateway time of its arrival.</param>
/// <param name="Position">In commit order; negative where it is not stored yet.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HandedFrame(
    AbuseTap Tap, byte[] Buffer, int Length, long BootStartMicroseconds, long ReceivedMicroseconds, long Position);

/// <summary>
/// The hand-over of frames from the workers to the desk, after the limit rules have judged them: bounded, and never waited for. What
/// finds no room is counted and read from the journal later. A channel without a test costs one look at an empty table.
/// </summary>
/// <param name="most">Frames that may wait.</param>
internal sealed class AbuseTaps(int most = AbuseTaps.MostWaiting)
{
    public const int MostWaiting = 4096;

    private readonly Channel<HandedFrame> queue = Channel.CreateBounded<HandedFrame>(
        new BoundedChannelOptions(most) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private volatile FrozenDictionary<(string Node, string Channel), AbuseTap> taps = FrozenDictionary<(string, string), AbuseTap>.Empty;
    private long dropped;
    private long handed;

    /// <summary>Frames that found no room.</summary>
    public long DroppedCount => Interlocked.Read(ref dropped);

    /// <summary>Frames handed over.</summary>
    public long HandedCount => Interlocked.Read(ref handed);

    /// <summary>Told after each frame; must not wait.</summary>
    public Action Woken { get; set; } = static () => { };

    /// <summary>Sets the channels that are wanted; those that stay keep their tap.</summary>
    public void Set(IEnumerable<(string Node, string Channel)> channels)
    {
        FrozenDictionary<(string Node, string Channel), AbuseTap> before = taps;
        taps = channels.Distinct().ToFrozenDictionary(place => place, place => before.GetValueOrDefault(place) ?? new AbuseTap(place.Node, place.Channel));
    }

    /// <summary>The tap of a channel; null where nobody wants its frames.</summary>
    public AbuseTap? Find(string node, string channel) => taps is { Count: > 0 } some ? some.GetValueOrDefault((node, channel)) : null;

    /// <summary>Copies a frame for the desk, or marks that it was missed. Never waits.</summary>
    public void Offer(AbuseTap tap, ReadOnlySpan<byte> frame, long bootStartMicroseconds, long receivedMicroseconds, long position)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(buffer);
        if (queue.Writer.TryWrite(new HandedFrame(tap, buffer, frame.Length, bootStartMicroseconds, receivedMicroseconds, position)))
        {
            Interlocked.Increment(ref handed);
            Woken();
            return;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Increment(ref dropped);
        tap.MarkIncomplete();
    }

    public bool TryTake(out HandedFrame frame) => queue.Reader.TryRead(out frame);

    public static void Return(in HandedFrame frame) => ArrayPool<byte>.Shared.Return(frame.Buffer);
}
