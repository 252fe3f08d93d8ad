using System.Runtime.InteropServices;

namespace PouchMonitor.Analysis.State;

/// <summary>
/// Writes and reads the state of one part of the analysis as the bytes of an unmanaged structure with its size in
/// front, so that a part cannot forget a field when it is saved.
/// </summary>
internal static class StateBlock
{
    public static void Write<T>(BinaryWriter writer, in T state)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in state));
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <exception cref="InvalidDataException">The size is not that of this version's structure.</exception>
    public static void Read<T>(BinaryReader reader, ref T state)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref state));
        int length = reader.ReadInt32();
        if (length != bytes.Length)
        {
            throw new InvalidDataException(
                $"Snapshot holds {length} bytes for {typeof(T).DeclaringType?.Name ?? typeof(T).Name}, this version has {bytes.Length}.");
        }

        reader.BaseStream.ReadExactly(bytes);
    }

    public static void Write(BinaryWriter writer, double? value)
    {
        writer.Write(value.HasValue);
        writer.Write(value.GetValueOrDefault());
    }

    public static double? ReadNullableDouble(BinaryReader reader)
    {
        bool known = reader.ReadBoolean();
        double value = reader.ReadDouble();
        return known ? value : null;
    }

    public static void Write(BinaryWriter writer, long? value)
    {
        writer.Write(value.HasValue);
        writer.Write(value.GetValueOrDefault());
    }

    public static long? ReadNullableInt64(BinaryReader reader)
    {
        bool known = reader.ReadBoolean();
        long value = reader.ReadInt64();
        return known ? value : null;
    }
}
