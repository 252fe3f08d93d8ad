using PouchMonitor.Formats.Containers;
using PouchMonitor.Formats.Cyclers;

namespace PouchMonitor.Formats;

/// <summary>The one table of file formats, in the order in which they are tried.</summary>
public static class SeriesFormats
{
    private static readonly NormalisedFormat Normalised = new();

    private static readonly ISeriesFormat[] Table =
    [
        Normalised,
        BatteryDataTable.Format,
        new NewareLayeredFormat(),
        ArbinTable.Format,
        NewareCsv.Format,
        MaccorText.Format,
        BioLogicText.Format,
        new BioLogicBinaryFormat(),
        BasytecText.Format,
        NovonixCsv.Format,
        PecCsv.Format,
        LandtTable.Format,
        new NdaxFormat(),
        new XlsxFormat(),
        MappedFormat.Instance,
    ];

    /// <summary>All formats that can be read.</summary>
    public static IReadOnlyList<SeriesFormatInfo> All { get; } = [.. Table.Select(format => format.Info)];

    /// <summary>The format of a file: the forced one, the one that recognises its content, or the normalised columns, which say what is missing.</summary>
    /// <exception cref="SeriesFileException">A format is forced that does not exist.</exception>
    internal static ISeriesFormat Choose(SeriesInput input, string? forced)
    {
        if (forced is not null)
        {
            if (input.Mapping is not null && !string.Equals(forced, MappedFormat.Instance.Info.Name, StringComparison.OrdinalIgnoreCase))
            {
                throw new SeriesFileException($"{input.Name}: a format and columns cannot both be given");
            }

            return Array.Find(Table, format => string.Equals(format.Info.Name, forced, StringComparison.OrdinalIgnoreCase))
                ?? throw new SeriesFileException(
                    $"{input.Name}: there is no format '{CellShown(forced)}'; there are {string.Join(", ", All.Select(format => format.Name))}");
        }

        return input.Mapping is not null
            ? MappedFormat.Instance
            : Array.Find(Table, format => format.Recognises(input)) ?? Normalised;
    }

    private static string CellShown(string text) => Tables.CellText.OneLine(text, 40);
}
