using System.Buffers.Binary;
using System.Globalization;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Records of a .mpr file. Every value is the shortest decimal that is the same float. Where a file has no current, it is what
/// the charge since the record before makes of the time since then. Records of an impedance sweep hold a frequency and no
/// sample; they are passed over and counted.
/// </summary>
internal sealed class BioLogicRows : IRowSource
{
    private readonly Stream stream;
    private readonly BioLogicLayout layout;
    private readonly SeriesInput input;
    private readonly byte[] record;
    private readonly Field[] fields;
    private readonly (BioLogicType Type, int Offset)? chargeStep;
    private readonly (BioLogicType Type, int Offset)? frequency;
    private double lastSeconds = double.NaN;

    /// <param name="stream">Stands before the first record.</param>
    /// <param name="layout">Of the records.</param>
    /// <param name="input">Disposed with this.</param>
    public BioLogicRows(Stream stream, BioLogicLayout layout, SeriesInput input)
    {
        this.stream = stream;
        this.layout = layout;
        this.input = input;
        record = new byte[layout.RecordBytes];
        var chosen = new List<Field>();
        foreach ((int id, int role, int shift, string name) in BioLogicColumns.Read)
        {
            if (layout.Columns.TryGetValue(id, out (BioLogicType Type, int Offset) at) && !chosen.Exists(field => field.Role == role))
            {
                chosen.Add(new Field(role, shift, at.Type, at.Offset, name));
            }
        }

        fields = [.. chosen];
        if (layout.Columns.TryGetValue(BioLogicColumns.Frequency, out (BioLogicType Type, int Offset) found))
        {
            frequency = found;
        }

        foreach (int id in BioLogicColumns.ChargeSteps)
        {
            if (!HasColumn(SampleColumns.Current) && chargeStep is null && layout.Columns.TryGetValue(id, out found))
            {
                chargeStep = found;
            }
        }

        Columns = [.. fields.Select(field => field.Name)];
        IgnoredColumns = [.. layout.Columns.Keys.Where(id => !BioLogicColumns.Read.Any(known => known.Id == id)).Order()
            .Select(id => string.Create(CultureInfo.InvariantCulture, $"column {id}"))];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> IgnoredColumns { get; }

    public string TimeName => "time/s";

    public long LineNumber { get; private set; }

    public long PassedOverCount { get; private set; }

    public bool HasTime => Array.Exists(fields, read => read.Role == SeriesHeader.Time);

    public bool HasColumn(int column) =>
        Array.Exists(fields, field => field.Role == column) || (column == SampleColumns.Current && chargeStep is not null);

    public RowResult Read(RecordedRow row, out string problem)
    {
        problem = "";
        while (LineNumber < layout.RecordCount)
        {
            stream.ReadExactly(record);
            LineNumber++;
            if (frequency is { } sweep && Number(sweep.Type, sweep.Offset) != 0)
            {
                PassedOverCount++;
                continue;
            }

            return Fill(row, out problem) ? RowResult.Good : RowResult.Bad;
        }

        return RowResult.End;
    }

    public void Dispose() => input.Dispose();

    private bool Fill(RecordedRow row, out string problem)
    {
        row.Clear();
        problem = "";
        double seconds = double.NaN;
        foreach (Field field in fields)
        {
            bool good = TryDecimal(field.Type, field.Offset, out DecimalNumber number);
            if (field.Role == SeriesHeader.Time)
            {
                good = good && number.TryToMicroseconds(out _);
                seconds = number.ToDouble();
                number.TryToMicroseconds(out long microseconds);
                row.TimeMicroseconds = microseconds;
            }
            else if (field.Role < SampleColumns.Count)
            {
                good = good && number.TryShift(field.Shift, out number);
                row.Set(field.Role, number);
            }
            else if (good)
            {
                row.SetInstrument(field.Role, number.ToDouble() / Math.Pow(10, field.Shift));
            }
            else
            {
                good = true;
            }

            if (!good)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"{field.Name} is not a number: {Number(field.Type, field.Offset)}");
                return false;
            }
        }

        if (chargeStep is { } step)
        {
            double milliampHours = Number(step.Type, step.Offset);
            double currentA = seconds > lastSeconds ? milliampHours * 3.6 / (seconds - lastSeconds) : 0;
            if (DecimalNumber.TryFrom(currentA, out DecimalNumber current))
            {
                row.Set(SampleColumns.Current, current);
            }
        }

        lastSeconds = seconds;
        return true;
    }

    private bool TryDecimal(BioLogicType type, int offset, out DecimalNumber number)
    {
        switch (type)
        {
            case BioLogicType.Float:
                return DecimalNumber.TryFrom(BinaryPrimitives.ReadSingleLittleEndian(record.AsSpan(offset)), out number);
            case BioLogicType.Double:
                return DecimalNumber.TryFrom(BinaryPrimitives.ReadDoubleLittleEndian(record.AsSpan(offset)), out number);
            default:
                number = new DecimalNumber((long)Number(type, offset), 0);
                return true;
        }
    }

    private double Number(BioLogicType type, int offset)
    {
        ReadOnlySpan<byte> at = record.AsSpan(offset);
        return type switch
        {
            BioLogicType.Double => BinaryPrimitives.ReadDoubleLittleEndian(at),
            BioLogicType.Float => BinaryPrimitives.ReadSingleLittleEndian(at),
            BioLogicType.Int => BinaryPrimitives.ReadUInt32LittleEndian(at),
            BioLogicType.Word => BinaryPrimitives.ReadUInt16LittleEndian(at),
            _ => at[0],
        };
    }

    private sealed record Field(int Role, int Shift, BioLogicType Type, int Offset, string Name);
}
