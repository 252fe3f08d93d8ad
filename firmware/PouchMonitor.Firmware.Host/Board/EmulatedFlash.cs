using System;
using System.Collections.Generic;
using System.Linq;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// The board's flash: files that outlive a restart, sectors that take their time to erase, a bound, and a supply that can
/// fail at any byte.
/// </summary>
public sealed class EmulatedFlash(VirtualClock time) : IFileSystem
{
    private const int SectorBytes = 4096;
    private const int WriteMicrosecondsPerByte = 4;

    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);

    /// <summary>Bytes of all files at most; about 3 MB on a module of 16 MB.</summary>
    public long CapacityBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>How long the erasing of a sector holds the whole runtime up, microseconds; at worst 400,000.</summary>
    public long EraseMicroseconds { get; set; } = 45_000;

    /// <summary>Steps (a byte written, a file removed or renamed) until the power fails; null for never.</summary>
    public long? StepsUntilPowerLoss { get; set; }

    /// <summary>While true every change is refused, as by a worn part.</summary>
    public bool IsWorn { get; set; }

    /// <summary>While true writing takes no time, as for what is on the flash before the board runs.</summary>
    public bool IsInstant { get; set; }

    /// <summary>Bytes written so far.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Sectors erased so far: the wear.</summary>
    public long ErasedSectors { get; private set; }

    public long UsedBytes => files.Values.Sum(content => (long)content.Length);

    /// <inheritdoc/>
    public bool Exists(string name) => files.ContainsKey(name);

    /// <inheritdoc/>
    public byte[]? Read(string name) => files.TryGetValue(name, out byte[]? content) ? (byte[])content.Clone() : null;

    /// <inheritdoc/>
    public long Length(string name) => files.TryGetValue(name, out byte[]? content) ? content.Length : -1;

    /// <inheritdoc/>
    public int ReadPart(string name, int offset, byte[] buffer, int count)
    {
        if (!files.TryGetValue(name, out byte[]? content) || offset >= content.Length)
        {
            return 0;
        }

        int read = Math.Min(count, content.Length - offset);
        Array.Copy(content, offset, buffer, 0, read);
        return read;
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] bytes, int count) => Put(name, [], bytes, count);

    /// <inheritdoc/>
    public bool Append(string name, byte[] bytes, int count) => Put(name, files.GetValueOrDefault(name, []), bytes, count);

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        if (IsWorn && files.ContainsKey(name))
        {
            return false;
        }

        Step();
        files.Remove(name);
        return true;
    }

    /// <inheritdoc/>
    public bool Move(string from, string to)
    {
        if (IsWorn || files.ContainsKey(to) || !files.TryGetValue(from, out byte[]? content))
        {
            return false;
        }

        Step();
        files.Remove(from);
        files[to] = content;
        return true;
    }

    /// <inheritdoc/>
    public string[] List() => [.. files.Keys];

    private bool Put(string name, byte[] before, byte[] bytes, int count)
    {
        long others = UsedBytes - (files.TryGetValue(name, out byte[]? old) ? old.Length : 0);
        if (IsWorn || others + before.Length + count > CapacityBytes)
        {
            return false;
        }

        long written = StepsUntilPowerLoss is { } left && left < count ? left : count;
        files[name] = [.. before, .. bytes.AsSpan(0, (int)written)];

        // The file system copies on write: what is added to a sector that is partly full goes with it to a fresh one.
        int firstSector = before.Length / SectorBytes;
        int sectors = count == 0 ? 0 : ((before.Length + count - 1) / SectorBytes) + 1 - firstSector;
        ErasedSectors += sectors;
        WrittenBytes += written;
        time.WaitMicroseconds(IsInstant ? 0 : (sectors * EraseMicroseconds) + (count * (long)WriteMicrosecondsPerByte));
        if (StepsUntilPowerLoss is { } steps)
        {
            StepsUntilPowerLoss = steps - written;
            if (steps < count)
            {
                throw new PowerLossException();
            }
        }

        return true;
    }

    private void Step()
    {
        if (StepsUntilPowerLoss is not { } left)
        {
            return;
        }

        if (left == 0)
        {
            throw new PowerLossException();
        }

        StepsUntilPowerLoss = left - 1;
    }
}
