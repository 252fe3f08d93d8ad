using System.Buffers.Binary;
using System.Globalization;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Layouts of the .ndc files within an .ndax file, by version, as found out by the authors of NewareNDA (NewareNDAx.py): a head of
/// 4096 bytes whose byte 0 is the kind of file and byte 2 the version, then blocks of 4096 bytes whose records begin at 132.
/// </summary>
/// <param name="Version">11, 14, 16 or 17.</param>
internal sealed record NdcLayout(int Version)
{
    public const int BlockBytes = 4096;
    public const int RecordsAt = 132;
    public const int DataKind = 1;
    public const int AuxiliaryKind = 5;
    public const int StepKind = 7;
    public const int RunKind = 18;

    /// <summary>True where volts and amperes are stored as such; else tenths of millivolts and milliamperes.</summary>
    public bool InBaseUnits => Version is 14 or 17;

    /// <summary>Ah per unit of the counters.</summary>
    public double CounterAh => InBaseUnits ? 1 : 1.0 / 3_600_000;

    public int RunBytes => Version switch
    {
        11 => 47,
        14 => 55,
        _ => 100,
    };

    public int RunsPerBlock => Version switch
    {
        11 => 84,
        14 => 72,
        _ => 39,
    };

    public int StepBytes => Version is 11 or 14 ? 37 : 100;

    public int StepsPerBlock => Version is 11 or 14 ? 107 : 39;

    /// <summary>Bytes of an auxiliary record: a float, or a mark, a float and a short.</summary>
    public int AuxiliaryBytes => InBaseUnits ? 4 : 7;

    public int AuxiliaryPerBlock => InBaseUnits ? 990 : 566;

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="InvalidDataException">Another kind or an unknown version.</exception>
    public static NdcLayout Read(Stream stream, int kind, string entry)
    {
        Span<byte> head = stackalloc byte[BlockBytes];
        stream.ReadExactly(head);
        if (head[0] != kind)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{entry} is of kind {head[0]}, expected {kind}"));
        }

        return head[2] is 11 or 14 or 16 or 17
            ? new NdcLayout(head[2])
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{entry} is of version {head[2]}; versions 11, 14, 16 and 17 are read; a CSV export can be read instead"));
    }
}

/// <summary>Records of an .ndc file, one block after the other.</summary>
internal sealed class NdcBlocks(Stream stream, int recordBytes, int recordsPerBlock) : IDisposable
{
    private readonly byte[] block = new byte[NdcLayout.BlockBytes];
    private int next = int.MaxValue;

    /// <summary>Next record; false at the end. A last block that is cut is the end. Valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (next >= recordsPerBlock)
        {
            next = 0;
            if (stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
            {
                next = int.MaxValue;
                return false;
            }
        }

        record = block.AsSpan(NdcLayout.RecordsAt + (next++ * recordBytes), recordBytes);
        return true;
    }

    public void Dispose() => stream.Dispose();
}

/// <summary>A record of run information: time, counters and step of the record whose number it names.</summary>
internal readonly record struct NdcRun(
    int Index, int Step, long StepMicroseconds, long ClockMicroseconds, long IntervalMicroseconds,
    double ChargeAh, double DischargeAh, double ChargeWh, double DischargeWh)
{
    public static NdcRun Of(ReadOnlySpan<byte> record, NdcLayout layout)
    {
        double unit = layout.CounterAh;
        double charge = BinaryPrimitives.ReadSingleLittleEndian(record[5..]);
        double discharge = BinaryPrimitives.ReadSingleLittleEndian(record[9..]);
        double chargeWh = BinaryPrimitives.ReadSingleLittleEndian(record[13..]);
        double dischargeWh = BinaryPrimitives.ReadSingleLittleEndian(record[17..]);
        ReadOnlySpan<byte> tail = record[29..];
        return new NdcRun(
            BinaryPrimitives.ReadInt32LittleEndian(tail[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(tail[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(record) * 1000L,
            (BinaryPrimitives.ReadInt32LittleEndian(tail[4..]) * 1_000_000L) + (BinaryPrimitives.ReadInt16LittleEndian(tail[16..]) * 1000L),
            BinaryPrimitives.ReadInt32LittleEndian(tail) * 1000L,
            charge * unit, discharge * unit, chargeWh * unit, dischargeWh * unit);
    }
}
