using System.Buffers.Binary;
using System.Text;

namespace PouchMonitor.Mqtt.Persistence;

/// <summary>Kinds of record. The numbers are on disk and never change their meaning.</summary>
internal enum LogRecord : byte
{
    /// <summary>A session with its header; known state of that number stays.</summary>
    SessionPut = 1,

    /// <summary>A session starts from nothing: state of that number is forgotten, a header follows.</summary>
    SessionReset = 2,
    SessionEnd = 3,
    Subscribe = 4,
    Unsubscribe = 5,

    /// <summary>A message that later records name by its number.</summary>
    Message = 6,

    /// <summary>A message waits for a session.</summary>
    Enqueue = 7,

    /// <summary>A waiting message has its packet identifier.</summary>
    Assign = 8,

    /// <summary>PUBREC came for it.</summary>
    Received = 9,

    /// <summary>It is acknowledged, or dropped and counted.</summary>
    Done = 10,
    InboundAdd = 11,
    InboundRemove = 12,
    Retain = 13,
    RetainClear = 14,
}

/// <summary>A growing buffer of records: little-endian, lengths and numbers as variable integers of 7 bits a byte.</summary>
internal sealed class RecordWriter
{
    private byte[] _bytes = new byte[4096];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Begin(LogRecord kind) => Byte((byte)kind);

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Count++;
    }

    public void Number(long value)
    {
        Span<byte> room = Room(10);
        int count = 0;
        for (ulong rest = (ulong)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                room[count++] = (byte)rest;
                break;
            }

            room[count++] = (byte)(rest | 0x80);
        }

        Count += count;
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        Count += 8;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(Room(value.Length));
        Count += value.Length;
    }

    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Encoding.UTF8.GetBytes(value, Room(bytes));
        Count += bytes;
    }

    /// <summary>A text that may be absent, which is not the same as empty.</summary>
    public void OptionalText(string? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            Text(value);
        }
    }

    /// <summary>Empties the buffer; one that grew far beyond what is usual is given back.</summary>
    public void Clear()
    {
        Count = 0;
        if (_bytes.Length > 4 * 1024 * 1024)
        {
            _bytes = new byte[4096];
        }
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Count < bytes)
        {
            Array.Resize(ref _bytes, (int)Math.Max((uint)(Count + bytes), (uint)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }

        return _bytes.AsSpan(Count);
    }
}
