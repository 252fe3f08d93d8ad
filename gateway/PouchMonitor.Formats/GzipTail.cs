using System.Buffers.Binary;

namespace PouchMonitor.Formats;

/// <summary>
/// Passes packed bytes on and remembers their end, because <c>GZipStream</c> takes a cut-off file for a whole one. A gzip
/// member ends with the length of its content modulo 2^32 (RFC 1952, ISIZE).
/// </summary>
internal sealed class GzipTail(Stream inner) : ForwardStream(inner)
{
    private const int HeaderBytes = 10;

    // The last bytes of what was passed on, with room to see a header that lies across two reads.
    private readonly byte[] carried = new byte[2 * HeaderBytes];
    private int carriedLength;
    private bool hasFurtherMember;
    private bool isPastStart;

    public override int Read(Span<byte> buffer)
    {
        int count = Inner.Read(buffer);
        if (count > 0)
        {
            Follow(buffer[..count]);
        }

        return count;
    }

    /// <summary>
    /// False when the packed data ends before its content does. Of several members chained together only the last length
    /// is known, so there the check is left out.
    /// </summary>
    public bool IsWhole(long contentLength) =>
        hasFurtherMember
        || (carriedLength >= sizeof(uint)
            && BinaryPrimitives.ReadUInt32LittleEndian(carried.AsSpan(carriedLength - sizeof(uint))) == (uint)contentLength);

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        int joint = Math.Min(bytes.Length, HeaderBytes - 1);
        bytes[..joint].CopyTo(carried.AsSpan(carriedLength));
        LookForHeader(carried.AsSpan(0, carriedLength + joint));
        LookForHeader(bytes);
        if (bytes.Length >= HeaderBytes - 1)
        {
            carriedLength = HeaderBytes - 1;
            bytes[^carriedLength..].CopyTo(carried);
        }
        else
        {
            int kept = Math.Min(HeaderBytes - 1, carriedLength + joint);
            carried.AsSpan(carriedLength + joint - kept, kept).CopyTo(carried);
            carriedLength = kept;
        }
    }

    /// <summary>A header within packed data: three fixed bytes, and flags, extra flags and system within their ranges.</summary>
    private void LookForHeader(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= HeaderBytes && !hasFurtherMember)
        {
            int at = bytes.IndexOf([(byte)0x1f, (byte)0x8b, (byte)0x08]);
            if (at < 0 || bytes.Length - at < HeaderBytes)
            {
                return;
            }

            bool plausible = bytes[at + 3] < 0x20 && bytes[at + 8] is 0 or 2 or 4 && bytes[at + 9] is < 14 or 255;
            hasFurtherMember |= plausible && isPastStart;
            isPastStart |= plausible;
            bytes = bytes[(at + 1)..];
        }
    }
}
