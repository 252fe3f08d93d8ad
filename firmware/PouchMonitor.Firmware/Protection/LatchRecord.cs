using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// What of a channel's protection outlives a restart: that it is armed, or tripped and why. No record means disarmed. A
/// record that is there but cannot be read counts as tripped.
/// </summary>
public sealed class LatchRecord
{
    /// <summary>The record is that of an armed channel.</summary>
    public const byte StateArmed = 1;

    /// <summary>The record is that of a tripped channel.</summary>
    public const byte StateTripped = 2;

    private const byte Version = 1;
    private const int Length = 40;

    public byte State;
    public TestKind Kind;
    public ProtectionCause Cause;

    /// <summary>Column in which the cause was found.</summary>
    public byte Column;

    /// <summary>Restarts of the node since the channel was armed.</summary>
    public int RestartCount;

    public long Value;
    public long Limit;
    public long SampleNumber;
    public long UptimeMicroseconds;

    private readonly SafeFile file;
    private readonly IFileSystem files;
    private readonly string name;

    /// <summary>The record of a channel (0 to 3) in the flash.</summary>
    public LatchRecord(IFileSystem files, int channelIndex)
    {
        this.files = files;
        name = "latch" + channelIndex;
        file = new SafeFile(files, name);
    }

    /// <summary>Reads the record; false when there is none.</summary>
    public bool Load()
    {
        byte[]? bytes = file.Read();
        if (bytes == null)
        {
            if (!files.Exists(name) && !files.Exists(name + SafeFile.TemporarySuffix))
            {
                return false;
            }

            Damaged();
            return true;
        }

        if (bytes.Length != Length || bytes[0] != Version || (bytes[1] != StateArmed && bytes[1] != StateTripped)
            || !ProtectionNames.IsKind(bytes[2]) || !ProtectionNames.IsCause(bytes[3]))
        {
            Damaged();
            return true;
        }

        State = bytes[1];
        Kind = (TestKind)bytes[2];
        Cause = (ProtectionCause)bytes[3];
        Column = bytes[4];
        RestartCount = bytes[5];
        Value = Get(bytes, 8);
        Limit = Get(bytes, 16);
        SampleNumber = Get(bytes, 24);
        UptimeMicroseconds = Get(bytes, 32);
        return true;
    }

    /// <summary>The record as it is to be written.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        bytes[1] = State;
        bytes[2] = (byte)Kind;
        bytes[3] = (byte)Cause;
        bytes[4] = Column;
        bytes[5] = (byte)(RestartCount > 255 ? 255 : RestartCount);
        Put(bytes, 8, Value);
        Put(bytes, 16, Limit);
        Put(bytes, 24, SampleNumber);
        Put(bytes, 32, UptimeMicroseconds);
        return bytes;
    }

    /// <summary>Writes a record; false when the flash refused.</summary>
    public bool Save(byte[] bytes) => file.Write(bytes);

    /// <summary>Removes the record; false when the flash refused.</summary>
    public bool Remove() => file.Delete();

    private void Damaged()
    {
        State = StateTripped;
        Kind = TestKind.None;
        Cause = ProtectionCause.RecordDamaged;
        Column = 0;
        RestartCount = 0;
        Value = 0;
        Limit = 0;
        SampleNumber = 0;
        UptimeMicroseconds = 0;
    }

    private static void Put(byte[] to, int at, long value)
    {
        for (int i = 0; i < 8; i++)
        {
            to[at + i] = (byte)(value >> (8 * i));
        }
    }

    private static long Get(byte[] from, int at)
    {
        long value = 0;
        for (int i = 7; i >= 0; i--)
        {
            value = (value << 8) | from[at + i];
        }

        return value;
    }
}
