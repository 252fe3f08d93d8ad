using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Writes workbooks as spreadsheet programs and cyclers do: texts shared or inline, numbers as doubles.</summary>
internal static class WorkbookFile
{
    public static byte[] Of(params (string Name, object?[][] Rows)[] sheets)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var shared = new List<string>();
            var workbook = new StringBuilder("<workbook xmlns=\"m\" xmlns:r=\"r\"><sheets>");
            var targets = new StringBuilder("<Relationships xmlns=\"p\">");
            for (int i = 0; i < sheets.Length; i++)
            {
                workbook.Append(CultureInfo.InvariantCulture, $"<sheet name=\"{sheets[i].Name}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>");
                targets.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"rId{i + 1}\" Target=\"worksheets/sheet{i + 1}.xml\"/>");
                Put(zip, $"xl/worksheets/sheet{i + 1}.xml", Sheet(sheets[i].Rows, shared));
            }

            Put(zip, "xl/workbook.xml", workbook.Append("</sheets></workbook>").ToString());
            Put(zip, "xl/_rels/workbook.xml.rels", targets.Append("</Relationships>").ToString());
            Put(zip, "xl/sharedStrings.xml", $"<sst xmlns=\"m\">{string.Concat(shared.Select(text => $"<si><r><t>{text[..1]}</t></r><r><t>{text[1..]}</t></r></si>"))}</sst>");
        }

        return file.ToArray();
    }

    private static string Sheet(object?[][] rows, List<string> shared)
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?><worksheet xmlns=\"m\"><sheetData>");
        for (int row = 0; row < rows.Length; row++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<row r=\"{row + 1}\">");
            for (int column = 0; column < rows[row].Length; column++)
            {
                string reference = string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{row + 1}");
                switch (rows[row][column])
                {
                    case null:
                        break;
                    case string text when row % 2 == 0:
                        shared.Add(text);
                        xml.Append(CultureInfo.InvariantCulture, $"<c r=\"{reference}\" t=\"s\"><v>{shared.Count - 1}</v></c>");
                        break;
                    case string text:
                        xml.Append(CultureInfo.InvariantCulture, $"<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
                        break;
                    default:
                        string number = ((double)rows[row][column]!).ToString("G17", CultureInfo.InvariantCulture);
                        xml.Append(CultureInfo.InvariantCulture, $"<c r=\"{reference}\" s=\"1\"><v>{number}</v></c>");
                        break;
                }
            }

            xml.Append("</row>");
        }

        return xml.Append("</sheetData></worksheet>").ToString();
    }

    private static void Put(ZipArchive zip, string name, string text)
    {
        using Stream stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
