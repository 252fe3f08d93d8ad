namespace PouchMonitor.Formats;

/// <summary>A stream whose first two bytes can be looked at before they are read.</summary>
internal sealed class PeekedStream : ForwardStream
{
    private readonly byte[] head = new byte[2];
    private readonly int headLength;
    private int headAt;

    public PeekedStream(Stream inner)
        : base(inner) => headLength = inner.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);

    public bool StartsWith(byte first, byte second) => headLength == 2 && head[0] == first && head[1] == second;

    public override int Read(Span<byte> buffer)
    {
        if (headAt == headLength)
        {
            return Inner.Read(buffer);
        }

        int count = Math.Min(buffer.Length, headLength - headAt);
        head.AsSpan(headAt, count).CopyTo(buffer);
        headAt += count;
        return count;
    }
}
