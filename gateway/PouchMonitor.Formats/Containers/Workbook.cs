using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace PouchMonitor.Formats.Containers;

/// <summary>
/// The sheets of an Office Open XML workbook (ECMA-376, SpreadsheetML) and its table of shared strings. Only what records
/// need is read; sheets stream, the strings are bounded.
/// </summary>
internal sealed class Workbook
{
    /// <summary>Most characters kept of all shared strings together.</summary>
    public const int MaximumStringCharacters = 32 * 1024 * 1024;

    /// <summary>Longest shared string kept; of a longer one the start.</summary>
    public const int MaximumStringLength = 1024;

    /// <summary>Most sheets.</summary>
    public const int MaximumSheets = 1000;

    private const string Main = "xl/workbook.xml";
    private const string Strings = "xl/sharedStrings.xml";
    private readonly SeriesInput input;

    private Workbook(SeriesInput input)
    {
        this.input = input;
        Sheets = ReadSheets();
        SharedStrings = ReadStrings();
    }

    public IReadOnlyList<WorkbookSheet> Sheets { get; }

    /// <summary>Texts that cells refer to by number, as UTF-8.</summary>
    public IReadOnlyList<byte[]> SharedStrings { get; }

    /// <summary>True for a zip file that holds a workbook.</summary>
    public static bool IsOne(ZipArchive? archive) => archive?.GetEntry(Main) is not null;

    /// <exception cref="SeriesFileException">It is damaged or beyond the bounds.</exception>
    public static Workbook Open(SeriesInput input) => new(input);

    /// <summary>Opens a part for reading.</summary>
    public XmlReader OpenXml(string entry) => XmlReader.Create(
        input.OpenEntry(entry),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, IgnoreComments = true, IgnoreProcessingInstructions = true,
        });

    private List<WorkbookSheet> ReadSheets()
    {
        Dictionary<string, string> targets = ReadTargets();
        var sheets = new List<WorkbookSheet>();
        using XmlReader xml = OpenXml(Main);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "sheet"
                && Attribute(xml, "id") is { } id && targets.TryGetValue(id, out string? target))
            {
                if (sheets.Count == MaximumSheets)
                {
                    throw new SeriesFileException(string.Create(CultureInfo.InvariantCulture, $"{input.Name}: more than {MaximumSheets} sheets"));
                }

                sheets.Add(new WorkbookSheet(xml.GetAttribute("name") ?? "", target.StartsWith('/') ? target[1..] : "xl/" + target));
            }
        }

        return sheets;
    }

    private Dictionary<string, string> ReadTargets()
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using XmlReader xml = OpenXml("xl/_rels/workbook.xml.rels");
        while (xml.Read() && targets.Count <= MaximumSheets)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship"
                && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target)
            {
                targets[id] = target;
            }
        }

        return targets;
    }

    private List<byte[]> ReadStrings()
    {
        var strings = new List<byte[]>();
        if (input.Archive!.GetEntry(Strings) is null)
        {
            return strings;
        }

        long characters = 0;
        var text = new StringBuilder();
        char[] chunk = new char[MaximumStringLength];
        using XmlReader xml = OpenXml(Strings);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                text.Clear();
                if (!xml.IsEmptyElement)
                {
                    continue;
                }
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                Append(xml, text, chunk);
                continue;
            }
            else if (xml.NodeType != XmlNodeType.EndElement || xml.LocalName != "si")
            {
                continue;
            }

            characters += text.Length + 16;
            if (characters > MaximumStringCharacters)
            {
                throw new SeriesFileException(
                    string.Create(CultureInfo.InvariantCulture, $"{input.Name}: more than {MaximumStringCharacters} characters of shared strings"));
            }

            strings.Add(Encoding.UTF8.GetBytes(text.ToString().Trim()));
        }

        return strings;
    }

    private static void Append(XmlReader xml, StringBuilder text, char[] chunk)
    {
        for (int read = xml.ReadValueChunk(chunk, 0, chunk.Length); read > 0; read = xml.ReadValueChunk(chunk, 0, chunk.Length))
        {
            text.Append(chunk, 0, Math.Min(read, MaximumStringLength - Math.Min(text.Length, MaximumStringLength)));
        }
    }

    private static string? Attribute(XmlReader xml, string localName)
    {
        string? value = null;
        for (bool more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
        {
            value = xml.LocalName == localName && xml.Prefix.Length > 0 ? xml.Value : value;
        }

        xml.MoveToElement();
        return value;
    }
}
