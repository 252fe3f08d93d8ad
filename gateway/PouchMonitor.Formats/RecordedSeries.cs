namespace PouchMonitor.Formats;

/// <summary>
/// Opens recorded series: comma-separated numbers under a header naming <c>time_s, voltage_V</c> and, where recorded,
/// <c>current_A, temperature_C</c> (or <c>temperatureN_C</c>), <c>cycle, step, charge_capacity_Ah,
/// discharge_capacity_Ah</c>, or of the Battery Data Format (<see cref="BatteryDataColumns"/>); plain or gzip. Read here and not with a CSV library because every number must keep its
/// exact decimals and no cell may cost a string; quoting does not matter to a file of plain numbers.
/// </summary>
public static class RecordedSeries
{
    /// <summary>Opens a file; dispose the reader.</summary>
    /// <exception cref="SeriesFileException">Missing, empty, not text, damaged, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(string path)
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

        return Open(stream, path);
    }

    /// <summary>Reads from a stream that the reader then owns; <paramref name="name"/> stands for it in messages.</summary>
    /// <exception cref="SeriesFileException">Empty, not text, damaged, or without the needed columns.</exception>
    public static RecordedSeriesReader Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return new RecordedSeriesReader(new LineReader(stream, name), name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
