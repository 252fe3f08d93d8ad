using System.Buffers.Binary;
using System.Globalization;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>Where each column stands in the records of a .mpr file.</summary>
internal sealed class BioLogicLayout
{
    private BioLogicLayout(Dictionary<int, (BioLogicType Type, int Offset)> columns, int recordBytes, long recordCount)
    {
        Columns = columns;
        RecordBytes = recordBytes;
        RecordCount = recordCount;
    }

    public IReadOnlyDictionary<int, (BioLogicType Type, int Offset)> Columns { get; }

    public int RecordBytes { get; }

    public long RecordCount { get; }

    /// <summary>
    /// Reads the head of the data module and stands before the first record. Version 0 (EC-Lab before 11.50 and since: the
    /// two differ in the first column's byte) and versions 2 and 3 are known.
    /// </summary>
    /// <exception cref="InvalidDataException">Another version, or a column that is not known.</exception>
    public static BioLogicLayout Read(Stream stream, in BioLogicModule module)
    {
        Span<byte> head = stackalloc byte[1007];
        stream.ReadExactly(head[..6]);
        long count = BinaryPrimitives.ReadUInt32LittleEndian(head);
        int columns = head[4];
        (int width, bool isBigEndian, int dataAt) = module.Version switch
        {
            0 when head[5] != 0 => (1, false, 100),
            0 => (2, true, 1007),
            2 => (2, false, 405),
            3 => (2, false, 406),
            _ => throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"data module of version {module.Version}; versions 0, 2 and 3 are read")),
        };
        if (5 + (columns * width) > dataAt)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{columns} columns do not fit the head of the data module"));
        }

        stream.ReadExactly(head[6..dataAt]);
        var found = new Dictionary<int, (BioLogicType Type, int Offset)>();
        int offset = 0;
        bool hasFlags = false;
        for (int i = 0; i < columns; i++)
        {
            ReadOnlySpan<byte> at = head[(5 + (i * width))..];
            int id = width == 1 ? at[0] : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
            BioLogicType type = BioLogicColumns.TypeOf(id)
                ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"column {i + 1} is of the unknown kind {id}; the text export (.mpt) can be read instead"));
            if (type == BioLogicType.Flag && hasFlags)
            {
                continue;
            }

            hasFlags |= type == BioLogicType.Flag;
            found.TryAdd(id, (type, offset));
            offset += BioLogicColumns.SizeOf(type);
        }

        long room = module.Length - dataAt;
        return offset > 0 && count * offset <= room
            ? new BioLogicLayout(found, offset, count)
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{count} records of {offset} bytes do not fit the {room} bytes of the data module"));
    }
}
