using System.IO.Compression;
using System.Xml;
using PouchMonitor.Formats.Containers;
using PouchMonitor.Formats.Cyclers;

namespace PouchMonitor.Formats;

/// <summary>
/// Opens recorded series of every format of <see cref="SeriesFormats"/>, each known by its content; plain or gzip. First among
/// them: comma-separated numbers under a header naming <c>time_s, voltage_V</c> and, where recorded,
/// <c>current_A, temperature_C</c> (or <c>temperatureN_C</c>), <c>cycle, step, charge_capacity_Ah,
/// discharge_capacity_Ah</c>, or of the Battery Data Format (<see cref="BatteryDataColumns"/>); plain or gzip. Read here and not with a CSV library because every number must keep its
/// exact decimals and no cell may cost a string; quoting does not matter to a file of plain numbers.
/// </summary>
public static class RecordedSeries
{
    /// <summary>Opens a file; dispose the reader.</summary>
    /// <exception cref="SeriesFileException">Missing, empty, not text, damaged, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(string path) => Open(path, SeriesOptions.Default);

    /// <summary>Opens a file as <paramref name="options"/> say; dispose the reader.</summary>
    /// <exception cref="SeriesFileException">Missing, empty, not text, damaged, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(string path, SeriesOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new SeriesFileException($"{path}: is a folder, not a file");
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SeriesFileException($"{path}: no such file", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SeriesFileException($"{path}: cannot be opened: {fault.Message}", fault);
        }

        return Open(stream, path, options);
    }

    /// <summary>Reads from a stream that the reader then owns; <paramref name="name"/> stands for it in messages.</summary>
    /// <exception cref="SeriesFileException">Empty, not text, damaged, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(Stream stream, string name) => Open(stream, name, SeriesOptions.Default);

    /// <summary>The same as <paramref name="options"/> say.</summary>
    /// <exception cref="SeriesFileException">Empty, damaged, of no known format, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(Stream stream, string name, SeriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        SeriesInput? input = null;
        try
        {
            input = new SeriesInput(stream, name, options.Columns) { IsLenient = options.IsLenient };
            ISeriesFormat format = SeriesFormats.Choose(input, options.Format);
            return new RecordedSeriesReader(format.Open(input), format.Info, name);
        }
        catch (Exception fault)
        {
            input?.Dispose();
            stream.Dispose();
            if (IsDamage(fault))
            {
                throw new SeriesFileException($"{name}: damaged: {fault.Message}", fault);
            }

            throw;
        }
    }

    /// <summary>True for a zip file that is a cycler's (.ndax, .xlsx), not an archive of a test; the stream is left open.</summary>
    public static bool IsContainer(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            stream.Position = 0;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return NdaxFormat.IsOne(zip) || Workbook.IsOne(zip);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>What the readers of packed and marked-up content throw on damage.</summary>
    internal static bool IsDamage(Exception fault) => fault is InvalidDataException or XmlException or EndOfStreamException;
}
