using System.Globalization;
using System.IO.Compression;

namespace PouchMonitor.Formats;

/// <summary>A file to be read, whatever it is packed in: as lines, as a forward stream, or as one that can be searched.</summary>
internal sealed class SeriesInput : IDisposable
{
    /// <summary>Most bytes unpacked to a temporary file, where a container inside gzip has to be searched.</summary>
    public const long MaximumUnpackedBytes = 4L << 30;

    private readonly Stream? original;
    private Stream? searchable;
    private ZipArchive? archive;

    /// <param name="stream">The file; owned from now on.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="columns">Columns named by the caller; null for none.</param>
    public SeriesInput(Stream stream, string name, ColumnMapping? columns)
    {
        Name = name;
        Mapping = columns;
        original = stream.CanSeek ? stream : null;
        Lines = new LineReader(stream, name);
        Start = new FileStart(Lines.PeekStart());
    }

    public string Name { get; }

    public ColumnMapping? Mapping { get; }

    /// <summary>True where an unreadable cell costs its reading and not its row.</summary>
    public bool IsLenient { get; init; }

    public FileStart Start { get; }

    /// <summary>The unpacked content as lines.</summary>
    public LineReader Lines { get; }

    /// <summary>The unpacked content, forward only, from its beginning.</summary>
    public Stream OpenForward() => Lines.AsStream();

    /// <summary>The unpacked content as a stream that can be searched: the file itself, or a temporary copy of what it unpacks to.</summary>
    /// <exception cref="SeriesFileException">It unpacks to more than the bound.</exception>
    public Stream OpenSearchable()
    {
        if (searchable is not null)
        {
            return searchable;
        }

        if (original is not null && !Lines.IsPacked)
        {
            original.Position = 0;
            return searchable = original;
        }

        var copy = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        searchable = copy;
        using Stream from = OpenForward();
        byte[] buffer = new byte[64 * 1024];
        for (int read = from.Read(buffer); read > 0; read = from.Read(buffer))
        {
            if (copy.Position + read > MaximumUnpackedBytes)
            {
                throw new SeriesFileException(
                    string.Create(CultureInfo.InvariantCulture, $"{Name}: unpacks to more than {MaximumUnpackedBytes} bytes"));
            }

            copy.Write(buffer.AsSpan(0, read));
        }

        copy.Position = 0;
        return copy;
    }

    /// <summary>The entries of a zip file; null where it is none.</summary>
    /// <exception cref="SeriesFileException">A zip file that is damaged.</exception>
    public ZipArchive? Archive => archive ??= Start.StartsWith("PK\u0003\u0004"u8) ? OpenArchive() : null;

    /// <summary>Opens an entry of the zip file.</summary>
    /// <exception cref="SeriesFileException">It is not there or damaged.</exception>
    public Stream OpenEntry(string entry)
    {
        try
        {
            return (Archive?.GetEntry(entry) ?? throw new SeriesFileException($"{Name}: {entry} is missing")).Open();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            throw new SeriesFileException($"{Name}: {entry} is damaged: {fault.Message}", fault);
        }
    }

    public void Dispose()
    {
        archive?.Dispose();
        searchable?.Dispose();
        Lines.Dispose();
    }

    private ZipArchive OpenArchive()
    {
        try
        {
            var zip = new ZipArchive(OpenSearchable(), ZipArchiveMode.Read, leaveOpen: true);

            // The list of entries is read now, so that damage to it shows here.
            _ = zip.Entries;
            return zip;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            throw new SeriesFileException($"{Name}: zip data damaged", fault);
        }
    }
}
