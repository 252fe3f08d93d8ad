using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Rows of comma-separated numbers under a header of normalised names or of the Battery Data Format. This is the fast way:
/// no cell costs a string. A row with text in a number or with another number of cells than the header is bad.
/// </summary>
internal sealed class NormalisedRows : IRowSource
{
    private readonly LineReader lines;
    private readonly string name;
    private readonly bool isLenient;
    private readonly SeriesHeader header;
    private readonly Range[] cells;
    private readonly int[] unkept;
    private readonly UnkeptTemperatures hotter;
    private string fault = "";

    public NormalisedRows(LineReader lines, string name, bool isLenient = false)
    {
        this.isLenient = isLenient;
        this.lines = lines;
        this.name = name;
        header = ReadHeader();
        cells = new Range[header.Roles.Length + 1];
        IgnoredColumns = [.. header.Names.Where((_, i) => header.Roles[i] is SeriesHeader.Ignored or SeriesHeader.Unkept)];
        unkept = [.. Enumerable.Range(0, header.Roles.Length).Where(i => header.Roles[i] == SeriesHeader.Unkept)];
        hotter = new UnkeptTemperatures([.. unkept.Select(i => header.Names[i])]);
    }

    public IReadOnlyList<string> Columns => header.Names;

    public IReadOnlyList<string> IgnoredColumns { get; }

    public string TimeName => header.Names[Array.IndexOf(header.Roles, SeriesHeader.Time)];

    public long LineNumber => lines.LineNumber;

    public long UnreadableCellCount { get; private set; }

    public IReadOnlyList<string> Notes => [.. hotter.Notes(isForWantOfPlaces: true)];

    public bool HasColumn(int column) => Array.IndexOf(header.Roles, column) >= 0;

    public RowResult Read(RecordedRow row, out string problem)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            fault = "";
            if (lines.IsTooLong)
            {
                Report(string.Create(CultureInfo.InvariantCulture, $"line is longer than {LineReader.MaximumLineBytes} bytes"));
            }
            else if (line.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }
            else if (TryFillPlain(line, row) || TryFill(line, row))
            {
                problem = "";
                return RowResult.Good;
            }

            problem = fault;
            return RowResult.Bad;
        }

        problem = "";
        return RowResult.End;
    }

    public void Dispose() => lines.Dispose();

    private SeriesHeader ReadHeader()
    {
        ReadOnlySpan<byte> head = lines.PeekStart();
        if (head.IsEmpty)
        {
            throw new SeriesFileException($"{name}: empty file");
        }

        // Comma-separated text holds no control bytes but tab and line ends; UTF-16, zip and instrument binaries do at once.
        foreach (byte b in head)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                throw new SeriesFileException(
                    string.Create(CultureInfo.InvariantCulture, $"{name}: not a text file (byte 0x{b:x2} near its start)"));
            }
        }

        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (lines.IsTooLong)
            {
                throw new SeriesFileException(string.Create(
                    CultureInfo.InvariantCulture, $"{name}: line 1 is longer than {LineReader.MaximumLineBytes} bytes, no header found"));
            }

            if (!line.Trim("\uFEFF \t"u8).IsEmpty)
            {
                return SeriesHeader.Parse(line, name, needsVoltage: !isLenient);
            }
        }

        throw new SeriesFileException($"{name}: empty file (blank lines only)");
    }

    /// <summary>
    /// Fills a row of plain numbers in one go along the line; false where anything is out of the ordinary, which
    /// <see cref="TryFill"/> then reads or names.
    /// </summary>
    /// <remarks>Compiled as it stays from the first row on: a file may well be read before the second compilation.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFillPlain(ReadOnlySpan<byte> line, RecordedRow row)
    {
        row.Clear();
        if (unkept.Length > 0)
        {
            return false;
        }

        bool hasTime = false;
        int at = 0;
        int[] roles = header.Roles;
        for (int i = 0; i < roles.Length; i++, at++)
        {
            int role = roles[i];
            if (at > line.Length)
            {
                return false;
            }

            if (role == SeriesHeader.Ignored)
            {
                int length = line[at..].IndexOf((byte)',');
                at = length < 0 ? line.Length : at + length;
                continue;
            }

            if (!DecimalNumber.TryReadPlain(line, ref at, out DecimalNumber number, out int written))
            {
                return false;
            }

            if (written < 0)
            {
                continue;
            }

            if (role < SampleColumns.Count)
            {
                row.Set(role, number);
                row.WrittenCurrentDecimals = role == SampleColumns.Current ? written : row.WrittenCurrentDecimals;
            }
            else if (role == SeriesHeader.Time)
            {
                hasTime = number.TryToMicroseconds(out long microseconds);
                row.TimeMicroseconds = microseconds;
            }
            else if (role == SeriesHeader.States)
            {
                return false;
            }
            else
            {
                row.SetInstrument(role, number.ToDouble());
            }
        }

        // One cell after another ended with a comma, and the last with the line.
        return hasTime && at == line.Length + 1;
    }

    private bool TryFill(ReadOnlySpan<byte> line, RecordedRow row)
    {
        row.Clear();
        int[] roles = header.Roles;
        int count = SplitCells(line);
        if (count != roles.Length)
        {
            Report(string.Create(CultureInfo.InvariantCulture,
                $"{(count < roles.Length ? "short" : "long")} row: {(count > roles.Length ? "more than " : "")}{Math.Min(count, roles.Length)} cells, the header has {roles.Length}"));
            return false;
        }

        bool hasTime = false;
        for (int i = 0; i < roles.Length; i++)
        {
            int role = roles[i];
            if (role is SeriesHeader.Ignored or SeriesHeader.Unkept)
            {
                continue;
            }

            ReadOnlySpan<byte> cell = CellText.Unquoted(line[cells[i]]);
            if (cell.IsEmpty)
            {
                continue;
            }

            DecimalFault fault = DecimalNumber.TryParse(cell, out DecimalNumber number);
            if (fault != DecimalFault.None && isLenient && role is not (SeriesHeader.Time or SeriesHeader.States))
            {
                UnreadableCellCount++;
                continue;
            }

            if (fault != DecimalFault.None)
            {
                string reason = fault == DecimalFault.OutOfRange ? "is beyond 18 digits" : "is not a number";
                Report($"{header.Names[i]} {reason}: '{CellText.Shown(cell)}'");
                return false;
            }

            if (role == SeriesHeader.Time)
            {
                hasTime = true;
                if (!TrySetTime(number, cell, header.Names[i], row))
                {
                    return false;
                }
            }
            else if (role == SeriesHeader.States)
            {
                if (number.Decimals != 0 || number.Mantissa is < 0 or > SensorStates.Mask)
                {
                    Report($"{header.Names[i]} {CellText.Shown(cell)} is no combination of sensor states");
                    return false;
                }

                row.StatedStates = (uint)number.Mantissa;
            }
            else if (role < SampleColumns.Count)
            {
                row.Set(role, number);
                if (role == SampleColumns.Current)
                {
                    row.WrittenCurrentDecimals = DecimalNumber.WrittenDecimals(cell);
                }
            }
            else
            {
                row.SetInstrument(role, number.ToDouble());
            }
        }

        if (!hasTime)
        {
            Report($"{TimeName} is blank");
            return false;
        }

        if (row.ContradictedColumn() is { } column)
        {
            Report($"{BatteryDataColumns.NameOf(column)} does not agree with {BatteryDataColumns.States}");
            return false;
        }

        WatchUnkept(line, row);
        return true;
    }

    private void WatchUnkept(ReadOnlySpan<byte> line, RecordedRow row)
    {
        for (int i = 0; i < unkept.Length; i++)
        {
            bool isNumber = DecimalNumber.TryParse(CellText.Unquoted(line[cells[unkept[i]]]), out DecimalNumber number) == DecimalFault.None;
            hotter.Add(i, isNumber ? number.ToDouble() : double.NaN, row.TimeMicroseconds);
        }

        if (unkept.Length > 0)
        {
            hotter.AddKept(row);
        }
    }

    private bool TrySetTime(in DecimalNumber number, ReadOnlySpan<byte> cell, string timeName, RecordedRow row)
    {
        if (!number.TryToMicroseconds(out long microseconds))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"{timeName} {CellText.Shown(cell)} is beyond {DecimalNumber.MaximumSeconds} s"));
            return false;
        }

        row.TimeMicroseconds = microseconds;
        return true;
    }

    /// <summary>Cells of the line, at most one more than the header has. Numbers hold no comma, so a quoted one neither.</summary>
    private int SplitCells(ReadOnlySpan<byte> line)
    {
        int count = 0;
        int start = 0;
        while (count < cells.Length)
        {
            int length = line[start..].IndexOf((byte)',');
            if (length < 0)
            {
                cells[count++] = new Range(start, line.Length);
                return count;
            }

            cells[count++] = new Range(start, start + length);
            start += length + 1;
        }

        return count;
    }

    private void Report(string reason) => fault = reason;
}
