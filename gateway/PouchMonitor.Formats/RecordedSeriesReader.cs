using System.Globalization;
using System.Text;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Reads the rows of a recorded series one by one with bounded memory. A bad row (text in a number, wrong number of
/// cells, time running backwards) is left out, counted and kept as a problem; the good rows around it are given.
/// </summary>
public sealed class RecordedSeriesReader : IDisposable
{
    /// <summary>Problems kept with their text; further ones are only counted.</summary>
    public const int MaximumProblems = 100;

    private readonly LineReader lines;
    private readonly string name;
    private readonly SeriesHeader header;
    private readonly List<RowProblem> problems = [];
    private readonly Range[] cells;
    private long lastTimeMicroseconds = long.MinValue;

    internal RecordedSeriesReader(LineReader lines, string name)
    {
        this.lines = lines;
        this.name = name;
        header = ReadHeader();
        cells = new Range[header.Roles.Length + 1];
        IgnoredColumns = [.. header.Names.Where((_, i) => header.Roles[i] == SeriesHeader.Ignored)];
    }

    /// <summary>Column names of the header, as written.</summary>
    public IReadOnlyList<string> Columns => header.Names;

    /// <summary>Names of the columns that are not read.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; }

    /// <summary>Rows given so far.</summary>
    public long GoodRowCount { get; private set; }

    /// <summary>Rows left out so far.</summary>
    public int BadRowCount { get; private set; }

    /// <summary>The first <see cref="MaximumProblems"/> rows left out; <see cref="BadRowCount"/> counts all.</summary>
    public IReadOnlyList<RowProblem> Problems => problems;

    /// <summary>True when the header names this column (<see cref="SampleColumns"/>).</summary>
    public bool HasColumn(int column) => Array.IndexOf(header.Roles, column) >= 0;

    /// <summary>Gives the next good row; false at the end.</summary>
    /// <exception cref="SeriesFileException">The file turned out to be damaged; rows already given stay good.</exception>
    public bool TryRead(RecordedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (lines.IsTooLong)
            {
                Report(string.Create(CultureInfo.InvariantCulture, $"line is longer than {LineReader.MaximumLineBytes} bytes"));
            }
            else if (!line.Trim(" \t"u8).IsEmpty && TryFill(line, row))
            {
                row.LineNumber = lines.LineNumber;
                row.Number = GoodRowCount++;
                lastTimeMicroseconds = row.TimeMicroseconds;
                return true;
            }
        }

        return false;
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
                return SeriesHeader.Parse(line, name);
            }
        }

        throw new SeriesFileException($"{name}: empty file (blank lines only)");
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
            if (role == SeriesHeader.Ignored)
            {
                continue;
            }

            ReadOnlySpan<byte> cell = Unquoted(line[cells[i]]);
            if (cell.IsEmpty)
            {
                continue;
            }

            DecimalFault fault = DecimalNumber.TryParse(cell, out DecimalNumber number);
            if (fault != DecimalFault.None)
            {
                string reason = fault == DecimalFault.OutOfRange ? "is beyond 18 digits" : "is not a number";
                Report($"{header.Names[i]} {reason}: '{Shown(cell)}'");
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
                    Report($"{header.Names[i]} {Shown(cell)} is no combination of sensor states");
                    return false;
                }

                row.StatedStates = (uint)number.Mantissa;
            }
            else
            {
                SetValue(row, role, number);
            }
        }

        if (!hasTime)
        {
            Report($"{header.Names[Array.IndexOf(header.Roles, SeriesHeader.Time)]} is blank");
            return false;
        }

        if (row.ContradictedColumn() is { } column)
        {
            Report($"{BatteryDataColumns.NameOf(column)} does not agree with {BatteryDataColumns.States}");
            return false;
        }

        return true;
    }

    private bool TrySetTime(in DecimalNumber number, ReadOnlySpan<byte> cell, string timeName, RecordedRow row)
    {
        if (!number.TryToMicroseconds(out long microseconds))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"{timeName} {Shown(cell)} is beyond {DecimalNumber.MaximumSeconds} s"));
            return false;
        }

        if (microseconds < lastTimeMicroseconds)
        {
            Report(string.Create(
                CultureInfo.InvariantCulture,
                $"{timeName} {Shown(cell)} runs backwards: the row before is at {(decimal)lastTimeMicroseconds / 1_000_000m} s"));
            return false;
        }

        row.TimeMicroseconds = microseconds;
        return true;
    }

    private static void SetValue(RecordedRow row, int role, in DecimalNumber number)
    {
        switch (role)
        {
            case SeriesHeader.Cycle:
                row.InstrumentCycle = number.ToDouble();
                break;
            case SeriesHeader.Step:
                row.InstrumentStep = number.ToDouble();
                break;
            case SeriesHeader.ChargeCapacity:
                row.InstrumentChargeCapacityAh = number.ToDouble();
                break;
            case SeriesHeader.DischargeCapacity:
                row.InstrumentDischargeCapacityAh = number.ToDouble();
                break;
            default:
                row.Set(role, number);
                break;
        }
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

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' '))
        {
            cell = cell.Trim(" \t"u8);
        }

        return cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"' ? cell[1..^1].Trim(" \t"u8) : cell;
    }

    /// <summary>Text of a cell as a message may show it: short, on one line.</summary>
    private static string Shown(ReadOnlySpan<byte> cell)
    {
        const int Most = 40;
        string text = Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, Most)]);
        var shown = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            shown.Append(char.IsControl(c) ? '?' : c);
        }

        return cell.Length > Most ? shown.Append("...").ToString() : shown.ToString();
    }

    private void Report(string reason)
    {
        BadRowCount++;
        if (problems.Count < MaximumProblems)
        {
            problems.Add(new RowProblem(name, lines.LineNumber, reason));
        }
    }
}
