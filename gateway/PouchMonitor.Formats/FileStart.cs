using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats;

/// <summary>The first bytes of the unpacked content of a file, as bytes and as lines of text.</summary>
internal sealed class FileStart
{
    private const int MaximumLines = 400;
    private readonly byte[] bytes;
    private string[]? lines;

    public FileStart(ReadOnlySpan<byte> bytes) => this.bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>True when it begins with these bytes.</summary>
    public bool StartsWith(ReadOnlySpan<byte> signature) => Bytes.StartsWith(signature);

    /// <summary>True when it holds only what text holds.</summary>
    public bool IsText => Bytes.IndexOfAny((byte)0, (byte)0x1a) < 0;

    /// <summary>Its first whole lines, decoded; the last one only where the file ends with it.</summary>
    public IReadOnlyList<string> Lines => lines ??= Split();

    private string[] Split()
    {
        var found = new List<string>();
        TextDecoder decoder = TextDecoder.For(Bytes);
        ReadOnlySpan<byte> rest = Bytes;
        if (rest.StartsWith(TextDecoder.ByteOrderMark))
        {
            rest = rest[TextDecoder.ByteOrderMark.Length..];
        }

        while (!rest.IsEmpty && found.Count < MaximumLines)
        {
            int end = rest.IndexOf((byte)'\n');
            if (end < 0 && found.Count > 0 && Bytes.Length >= LineReader.MaximumLineBytes)
            {
                // The file goes on: a number that is cut here is another one.
                break;
            }

            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            found.Add(decoder.Decode(line.TrimEnd((byte)'\r')));
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return [.. found];
    }
}
