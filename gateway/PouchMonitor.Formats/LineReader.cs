using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace PouchMonitor.Formats;

/// <summary>
/// Lines of a plain or gzip file as UTF-8 bytes, streaming, with a bounded buffer. LF or CRLF; the last line may lack its
/// end. gzip is known by its content, not by its name.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>Longest line kept; a longer one is skipped and reported.</summary>
    public const int MaximumLineBytes = 64 * 1024;

    private readonly string name;
    private readonly Stream stream;
    private readonly GzipTail? tail;
    private readonly byte[] buffer = new byte[2 * MaximumLineBytes];
    private int start;
    private int end;
    private bool ended;
    private long contentLength;
    private string? damage;
    private Exception? damageCause;

    public LineReader(Stream stream, string name)
    {
        this.name = name;
        var peeked = new PeekedStream(stream);
        if (peeked.StartsWith(0x1f, 0x8b))
        {
            tail = new GzipTail(peeked);
            this.stream = new GZipStream(tail, CompressionMode.Decompress);
        }
        else if (peeked.StartsWith(0xff, 0xfe) || peeked.StartsWith(0xfe, 0xff))
        {
            // UTF-16 with its mark, as spreadsheet programs save "Unicode text"; the mark becomes that of UTF-8.
            Encoding utf16 = peeked.StartsWith(0xff, 0xfe) ? Encoding.Unicode : Encoding.BigEndianUnicode;
            this.stream = Encoding.CreateTranscodingStream(peeked, utf16, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        else
        {
            this.stream = peeked;
        }
    }

    /// <summary>Number of the line last given, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>True when the line last given was longer than the bound and is not given.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>True when the file is gzip.</summary>
    public bool IsPacked => tail is not null;

    /// <summary>The bytes at the start of the file, for telling text from other things. Call before reading lines.</summary>
    public ReadOnlySpan<byte> PeekStart()
    {
        while (end < MaximumLineBytes && !ended)
        {
            Fill();
        }

        if (end == 0)
        {
            ThrowIfDamaged();
        }

        return buffer.AsSpan(0, end);
    }

    /// <summary>Next line without its end; false at the end of the file. The bytes are valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        IsTooLong = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(start, end - start);
            int length = rest.IndexOf((byte)'\n');
            if (length < 0 && ended)
            {
                ThrowIfDamaged();
            }

            if (length >= 0 || (ended && rest.Length > 0))
            {
                line = length >= 0 ? rest[..length] : rest;
                start += length >= 0 ? length + 1 : rest.Length;
                LineNumber++;
                IsTooLong |= line.Length > MaximumLineBytes;
                line = IsTooLong ? default : line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
                return true;
            }

            if (ended)
            {
                line = default;
                LineNumber += IsTooLong ? 1 : 0;
                return IsTooLong;
            }

            if (rest.Length > MaximumLineBytes)
            {
                IsTooLong = true;
                start = end;
            }

            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The content from where the lines stand, as a stream: for files that turn out to be no text.</summary>
    public Stream AsStream() => new Rest(this);

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        try
        {
            int read = stream.Read(buffer, end, buffer.Length - end);
            contentLength += read;
            end += read;
            ended = read == 0;
            if (ended && tail is not null && !tail.IsWhole(contentLength))
            {
                damage = "gzip data cut off";
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            damage = fault is InvalidDataException ? "gzip data damaged" : $"cannot be read ({fault.Message})";
            damageCause = fault;
            ended = true;
        }
    }

    /// <summary>Whole lines before the damage are given first; a line that the damage may have cut never is.</summary>
    private void ThrowIfDamaged()
    {
        if (damage is not null)
        {
            throw new SeriesFileException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: {damage} after line {LineNumber}"), damageCause);
        }
    }

    private int ReadBytes(Span<byte> to)
    {
        while (start == end && !ended)
        {
            Fill();
        }

        int count = Math.Min(to.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(to);
        start += count;
        if (count == 0)
        {
            ThrowIfDamaged();
        }

        return count;
    }

    private sealed class Rest(LineReader lines) : ForwardStream(lines.stream)
    {
        public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : lines.ReadBytes(buffer);
    }
}
