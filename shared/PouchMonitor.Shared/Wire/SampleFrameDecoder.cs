namespace PouchMonitor.Wire;

/// <summary>Reads a <see cref="SampleFrame"/> from bytes (see WIRE.md).</summary>
public static class SampleFrameDecoder
{
    /// <summary>Fills <paramref name="target"/> from the bytes; on a fault the target's content is undefined.</summary>
    public static DecodeFault TryDecode(byte[] source, int offset, int length, SampleFrame target) =>
        throw new System.InvalidOperationException("The codec is not built yet.");
}
