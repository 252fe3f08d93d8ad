using System.Globalization;
using System.Text;
using System.Xml;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats.Containers;

/// <summary>
/// Rows of one sheet. A sheet keeps numbers as doubles with 17 digits; those with more digits than a double is good for are
/// taken as the shortest decimal that is the same double, which is what the instrument wrote.
/// </summary>
internal sealed class SheetRows : ICellRows
{
    private const int MaximumRowBytes = 64 * 1024;
    private const int MaximumCellCharacters = 1024;
    private const int DigitsOfADouble = 15;
    private readonly Workbook workbook;
    private readonly XmlReader xml;
    private readonly byte[] bytes = new byte[MaximumRowBytes];
    private readonly Range[] cells = new Range[SeriesHeader.MaximumCells];
    private readonly char[] chunk = new char[MaximumCellCharacters];
    private int length;

    /// <param name="workbook">What the sheet belongs to.</param>
    /// <param name="sheet">The sheet.</param>
    public SheetRows(Workbook workbook, WorkbookSheet sheet)
    {
        this.workbook = workbook;
        xml = workbook.OpenXml(sheet.Entry);
        Decoder = TextDecoder.For([]);
    }

    public long LineNumber { get; private set; }

    public int Count { get; private set; }

    public string Fault { get; private set; } = "";

    public TextDecoder Decoder { get; }

    public bool OmitsBlankCells => true;

    public bool TryRead()
    {
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "row")
            {
                LineNumber = long.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out long row) ? row : LineNumber + 1;
                ReadRow();
                if (Count > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public ReadOnlySpan<byte> Cell(int index) => index < Count ? CellText.Unquoted(bytes.AsSpan(cells[index])) : default;

    public string[] Texts()
    {
        string[] texts = new string[Count];
        for (int i = 0; i < Count; i++)
        {
            texts[i] = Decoder.Decode(Cell(i));
        }

        return texts;
    }

    public void Dispose() => xml.Dispose();

    private void ReadRow()
    {
        Count = 0;
        length = 0;
        Fault = "";
        if (xml.IsEmptyElement)
        {
            return;
        }

        int depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c")
            {
                continue;
            }

            int index = IndexOf(xml.GetAttribute("r")) ?? Count;
            if (index < Count || index >= cells.Length)
            {
                Fault = string.Create(CultureInfo.InvariantCulture, $"cell {xml.GetAttribute("r")} is out of order or beyond column {cells.Length}");
                SkipCell();
                continue;
            }

            while (Count < index)
            {
                cells[Count++] = new Range(length, length);
            }

            int start = length;
            ReadCell(xml.GetAttribute("t"));
            cells[Count++] = new Range(start, length);
        }

        while (Count > 0 && Cell(Count - 1).IsEmpty)
        {
            Count--;
        }
    }

    private void ReadCell(string? type)
    {
        if (xml.IsEmptyElement)
        {
            return;
        }

        int used = 0;
        int depth = xml.Depth;
        bool inValue = false;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                inValue = xml.LocalName is "v" or "t";
            }
            else if (inValue && xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace)
            {
                for (int read = 1; read > 0 && used < chunk.Length; used += read)
                {
                    read = xml.ReadValueChunk(chunk, used, chunk.Length - used);
                }
            }
        }

        Put(chunk.AsSpan(0, used), type);
    }

    private void SkipCell()
    {
        int depth = xml.Depth;
        while (!xml.IsEmptyElement && xml.Read() && xml.Depth > depth)
        {
            // Its parts mean nothing.
        }
    }

    private void Put(ReadOnlySpan<char> text, string? type)
    {
        if (type == "s")
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int at) || at >= workbook.SharedStrings.Count)
            {
                Fault = $"there is no shared string '{CellText.OneLine(text.ToString(), 20)}'";
                return;
            }

            Put(workbook.SharedStrings[at]);
            return;
        }

        Span<byte> cell = stackalloc byte[3 * MaximumCellCharacters];
        int count = Encoding.UTF8.GetBytes(text, cell);
        if (type is null or "n" && text.Length > DigitsOfADouble
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            number.TryFormat(cell, out count, "R", CultureInfo.InvariantCulture);
        }

        Put(cell[..count]);
    }

    private void Put(ReadOnlySpan<byte> cell)
    {
        if (length + cell.Length > bytes.Length)
        {
            Fault = string.Create(CultureInfo.InvariantCulture, $"row is longer than {MaximumRowBytes} bytes");
            return;
        }

        cell.CopyTo(bytes.AsSpan(length));
        length += cell.Length;
    }

    /// <summary>Place of a cell from its reference: AB12 is column 27, from 0.</summary>
    private static int? IndexOf(string? reference)
    {
        int index = 0;
        foreach (char c in reference ?? "")
        {
            if (!char.IsAsciiLetterUpper(c))
            {
                break;
            }

            index = Math.Min((index * 26) + (c - 'A' + 1), 1 << 20);
        }

        return index == 0 ? null : index - 1;
    }
}
