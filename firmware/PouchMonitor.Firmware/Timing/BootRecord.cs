using System;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Timing;

/// <summary>
/// What one boot leaves for the next, so that no restart goes unseen: its number, its random id, where its uptime zero lies
/// on the clock, and, when it ended in order, how many samples each channel had. Written at the start, once the time is
/// known, and before an ordered restart: three times a boot.
/// </summary>
public sealed class BootRecord
{
    private const string FileName = "boot";
    private const byte Version = 1;
    private const int FixedBytes = 24;
    private const int ChannelLimit = 8;

    private readonly SafeFile file;
    private byte flags;
    private ulong boot;
    private long anchorUnixMicroseconds;
    private long[] counts = new long[0];

    public BootRecord(IFileSystem files)
    {
        file = new SafeFile(files, FileName);
        byte[]? content = file.Read();
        if (content == null || content.Length < FixedBytes || content[0] != Version || content[2] > ChannelLimit
            || content.Length != FixedBytes + (8 * content[2]))
        {
            return;
        }

        HasPrevious = true;
        PreviousHasAnchor = (content[1] & 1) != 0;
        PreviousEndedInOrder = (content[1] & 2) != 0;
        Number = BitConverter.ToInt32(content, 4);
        PreviousBoot = BitConverter.ToUInt64(content, 8);
        PreviousAnchorUnixMicroseconds = BitConverter.ToInt64(content, 16);
        PreviousSampleCounts = new long[content[2]];
        for (int i = 0; i < PreviousSampleCounts.Length; i++)
        {
            PreviousSampleCounts[i] = BitConverter.ToInt64(content, FixedBytes + (8 * i));
        }
    }

    /// <summary>Number of the boot, 1 for the first; 0 before <see cref="Begin"/> in a node that was never started.</summary>
    public int Number { get; private set; }

    /// <summary>False in the first boot, and when the record cannot be read.</summary>
    public bool HasPrevious { get; }

    public ulong PreviousBoot { get; }

    public bool PreviousHasAnchor { get; }

    public long PreviousAnchorUnixMicroseconds { get; }

    /// <summary>True when every sample of the boot before was brought to flash, and <see cref="PreviousSampleCounts"/> are exact.</summary>
    public bool PreviousEndedInOrder { get; }

    /// <summary>Samples of each channel in the boot before; empty unless it ended in order.</summary>
    public long[] PreviousSampleCounts { get; } = new long[0];

    /// <summary>
    /// This boot begins. Its id is the random number drawn, turned by the number of the boot, so that a generator that
    /// starts alike after each loss of power does not give two boots one identity. Never 0, which stands for no boot.
    /// </summary>
    public ulong Begin(ulong drawn)
    {
        boot = drawn ^ (ulong)(Number * 7046029254386353131L);
        boot = boot == 0 ? 1 : boot;
        Number++;
        Save();
        return boot;
    }

    /// <summary>The time is known.</summary>
    public void SetAnchor(long unixMicroseconds)
    {
        flags |= 1;
        anchorUnixMicroseconds = unixMicroseconds;
        Save();
    }

    /// <summary>The boot ends in order with so many samples on each channel.</summary>
    public void End(long[] sampleCounts)
    {
        flags |= 2;
        counts = sampleCounts;
        Save();
    }

    private void Save()
    {
        byte[] content = new byte[FixedBytes + (8 * counts.Length)];
        content[0] = Version;
        content[1] = flags;
        content[2] = (byte)counts.Length;
        Put(content, 4, (ulong)Number, 4);
        Put(content, 8, boot, 8);
        Put(content, 16, (ulong)anchorUnixMicroseconds, 8);
        for (int i = 0; i < counts.Length; i++)
        {
            Put(content, FixedBytes + (8 * i), (ulong)counts[i], 8);
        }

        file.Write(content);
    }

    private static void Put(byte[] to, int at, ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            to[at + i] = (byte)(value >> (8 * i));
        }
    }
}
