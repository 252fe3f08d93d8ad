using System.Runtime.InteropServices;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>Saves and loads the unmanaged structure that holds all a rule remembers, so that no field can be forgotten.</summary>
internal static class RawState
{
    public static void Write<T>(BinaryWriter writer, ReadOnlySpan<T> state)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(state));

    public static void Write<T>(BinaryWriter writer, in T state)
        where T : unmanaged => Write(writer, new ReadOnlySpan<T>(in state));

    public static void Read<T>(BinaryReader reader, Span<T> state)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(state);
        while (bytes.Length > 0)
        {
            int count = reader.Read(bytes);
            if (count == 0)
            {
                throw new InvalidDataException("Snapshot of the limit rules ends too early.");
            }

            bytes = bytes[count..];
        }
    }

    public static void Read<T>(BinaryReader reader, ref T state)
        where T : unmanaged => Read(reader, new Span<T>(ref state));
}
