using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Head of a module of a .mpr file: the word MODULE, a short name (10 bytes), a long name (25), its length, its version and a
/// date (8). Since EC-Lab 11.50 a greatest length, which is FF FF FF FF, and one more number stand among them.
/// </summary>
internal readonly record struct BioLogicModule(string Name, long Length, int Version)
{
    /// <summary>What a file begins with: a text padded with blanks to 48 bytes, and four zeros.</summary>
    public const int MagicBytes = 52;

    private const int OldBytes = 51;
    private const int NewBytes = 59;
    private const int NameBytes = 10;
    private const int NumbersAt = 35;

    public static ReadOnlySpan<byte> Magic => "BIO-LOGIC MODULAR FILE\u001a"u8;

    /// <summary>Reads the next head; null at the end of the file.</summary>
    /// <exception cref="InvalidDataException">There is something else.</exception>
    public static BioLogicModule? Read(Stream stream)
    {
        Span<byte> word = stackalloc byte[6];
        int got = stream.ReadAtLeast(word, word.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return null;
        }

        if (got < word.Length || !word.SequenceEqual("MODULE"u8))
        {
            throw new InvalidDataException("a module was to begin, but there is something else");
        }

        Span<byte> head = stackalloc byte[NewBytes];
        stream.ReadExactly(head[..OldBytes]);
        Span<byte> numbers = head[NumbersAt..];
        bool isNew = BinaryPrimitives.ReadUInt32LittleEndian(numbers) == uint.MaxValue;
        if (isNew)
        {
            stream.ReadExactly(head[OldBytes..]);
            numbers = numbers[4..];
        }

        return new BioLogicModule(
            Encoding.ASCII.GetString(head[..NameBytes]).TrimEnd(),
            BinaryPrimitives.ReadUInt32LittleEndian(numbers),
            BinaryPrimitives.ReadInt32LittleEndian(numbers[4..]));
    }

    /// <summary>Passes over bytes.</summary>
    public static void Skip(Stream stream, long count)
    {
        Span<byte> buffer = stackalloc byte[4096];
        for (long left = count; left > 0;)
        {
            int part = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer[..part]);
            left -= part;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} version {Version}, {Length} bytes");
}
