namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Waiting times between attempts to connect: doubling from 1 s to 60 s, each spread by a quarter either way, so that the
/// nodes of a laboratory do not return all at once after a broker restart.
/// </summary>
public sealed class BackOff
{
    /// <summary>First waiting time before spreading.</summary>
    public const long ShortestMicroseconds = 1000000;

    /// <summary>Longest waiting time before spreading.</summary>
    public const long LongestMicroseconds = 60000000;

    private uint state;
    private long next = ShortestMicroseconds;

    /// <summary>Takes the boot id, so that two nodes spread differently.</summary>
    public BackOff(ulong boot)
    {
        state = (uint)(boot ^ (boot >> 32)) | 1u;
    }

    /// <summary>Time to wait before the next attempt.</summary>
    public long NextMicroseconds()
    {
        // Xorshift (Marsaglia 2003): enough to spread, and the same on every machine.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        long spread = (next / 2) * (state & 0xFFFF) / 0x10000;
        long wait = next - (next / 4) + spread;
        next = next * 2 > LongestMicroseconds ? LongestMicroseconds : next * 2;
        return wait;
    }

    /// <summary>A connection stood: begin from the shortest time again.</summary>
    public void Reset()
    {
        next = ShortestMicroseconds;
    }
}
