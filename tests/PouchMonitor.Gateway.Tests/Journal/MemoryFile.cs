namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>A file as the page cache shows it, as stable storage has it, and the writes between the two.</summary>
internal sealed class MemoryFile(string name, MemoryFiles owner)
{
    private const int SectorBytes = 512;
    private readonly List<(long Offset, byte[] Bytes)> unsynced = [];
    private byte[] content = [];
    private byte[] stable = [];

    public string Name { get; } = name;

    public MemoryFiles Owner { get; set; } = owner;

    public long Length => content.Length;

    public void SetLength(long length) => Array.Resize(ref content, (int)length);

    /// <summary>Cuts, durably, and sets aside room of zeros.</summary>
    public void Cut(long length, long reservedBytes)
    {
        long room = Math.Max(length, reservedBytes);
        SetLength(length);
        SetLength(room);
        Array.Resize(ref stable, (int)Math.Min(stable.Length, length));
        Array.Resize(ref stable, (int)room);
        for (int at = unsynced.Count - 1; at >= 0; at--)
        {
            var (offset, bytes) = unsynced[at];
            if (offset >= length)
            {
                unsynced.RemoveAt(at);
            }
            else if (offset + bytes.Length > length)
            {
                unsynced[at] = (offset, bytes[..(int)(length - offset)]);
            }
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset + bytes.Length > content.Length)
        {
            SetLength(offset + bytes.Length);
        }

        bytes.CopyTo(content.AsSpan((int)offset));
        unsynced.Add((offset, bytes.ToArray()));
    }

    public int Read(long offset, Span<byte> bytes)
    {
        int count = (int)Math.Clamp(content.Length - offset, 0, bytes.Length);
        content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(bytes);
        return count;
    }

    public void Sync()
    {
        if (stable.Length != content.Length)
        {
            Array.Resize(ref stable, content.Length);
        }

        foreach (var (offset, bytes) in unsynced)
        {
            int count = (int)Math.Clamp(content.Length - offset, 0, bytes.Length);
            bytes.AsSpan(0, count).CopyTo(stable.AsSpan((int)Math.Min(offset, stable.Length)));
        }

        unsynced.Clear();
    }

    public void ForgetUnsynced() => unsynced.Clear();

    public void Flip(long offset)
    {
        content[offset] ^= 0x40;
        if (offset < stable.Length)
        {
            stable[offset] ^= 0x40;
        }
    }

    /// <summary>Stable storage plus, sector by sector, any of the writes that were on their way.</summary>
    public MemoryFile AfterPowerLoss(MemoryFiles files, Random random)
    {
        var after = new MemoryFile(Name, files) { content = [.. stable] };
        if (random.Next(2) == 0 && after.content.Length < content.Length)
        {
            Array.Resize(ref after.content, content.Length);
        }

        int keptPercent = random.Next(4) switch { 0 => 0, 1 => 100, _ => random.Next(101) };
        foreach (var (offset, bytes) in unsynced)
        {
            for (long at = offset; at < offset + bytes.Length;)
            {
                long next = Math.Min(offset + bytes.Length, (at / SectorBytes * SectorBytes) + SectorBytes);
                if (random.Next(100) < keptPercent && next <= after.content.Length)
                {
                    bytes.AsSpan((int)(at - offset), (int)(next - at)).CopyTo(after.content.AsSpan((int)at));
                }

                at = next;
            }
        }

        after.stable = [.. after.content];
        return after;
    }
}
