using System.Globalization;

namespace PouchMonitor.Formats.Tables;

/// <summary>Cells of the lines of a text file. Knows quoted cells, and lines that an export has put in quotes as a whole.</summary>
internal sealed class DelimitedCells(LineReader lines, TextDecoder decoder) : ICellRows
{
    private readonly Range[] cells = new Range[SeriesHeader.MaximumCells + 1];
    private readonly byte[] line = new byte[LineReader.MaximumLineBytes];

    /// <summary>What stands between cells; may be set once the header is found.</summary>
    public byte Delimiter { get; set; } = (byte)',';

    public long LineNumber => lines.LineNumber;

    public int Count { get; private set; }

    public string Fault { get; private set; } = "";

    public TextDecoder Decoder => decoder;

    /// <summary>The row last read as it stands in the file.</summary>
    public ReadOnlySpan<byte> Line => line.AsSpan(0, Length);

    private int Length { get; set; }

    public bool TryRead()
    {
        while (lines.TryRead(out ReadOnlySpan<byte> next))
        {
            Fault = lines.IsTooLong
                ? string.Create(CultureInfo.InvariantCulture, $"line is longer than {LineReader.MaximumLineBytes} bytes")
                : "";
            if (next.StartsWith(TextDecoder.ByteOrderMark))
            {
                next = next[TextDecoder.ByteOrderMark.Length..];
            }

            if (Fault.Length == 0 && next.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            ReadOnlySpan<byte> content = WithoutOuterQuotes(next);
            content.CopyTo(line);
            Length = content.Length;
            Split(Delimiter);
            return true;
        }

        return false;
    }

    /// <summary>Splits the row last read anew, at another delimiter.</summary>
    public void Split(byte delimiter)
    {
        ReadOnlySpan<byte> rest = Line;
        bool hasQuotes = rest.Contains((byte)'"');
        Count = 0;
        int start = 0;
        while (true)
        {
            int length = hasQuotes ? EndOfQuoted(Line[start..], delimiter) : Line[start..].IndexOf(delimiter);
            if (Count == cells.Length)
            {
                Fault = string.Create(CultureInfo.InvariantCulture, $"more than {SeriesHeader.MaximumCells} cells");
                return;
            }

            cells[Count++] = new Range(start, length < 0 ? Length : start + length);
            if (length < 0)
            {
                return;
            }

            start += length + 1;
        }
    }

    public ReadOnlySpan<byte> Cell(int index) => index < Count ? CellText.Unquoted(Line[cells[index]]) : default;

    public string[] Texts()
    {
        string[] texts = new string[Count];
        for (int i = 0; i < Count; i++)
        {
            texts[i] = decoder.Decode(Cell(i));
        }

        return texts;
    }

    public void Dispose() => lines.Dispose();

    private static ReadOnlySpan<byte> WithoutOuterQuotes(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && text[0] == '"' && text[^1] == '"' && !text[1..^1].Contains((byte)'"') ? text[1..^1] : text;

    private static int EndOfQuoted(ReadOnlySpan<byte> text, byte delimiter)
    {
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == delimiter && !quoted)
            {
                return i;
            }
        }

        return -1;
    }
}
