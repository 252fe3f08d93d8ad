namespace PouchMonitor.Wire;

/// <summary>Writes a <see cref="SampleFrame"/> as bytes (see WIRE.md).</summary>
public static class SampleFrameEncoder
{
    /// <summary>Writes the frame and returns the bytes written; throws when the frame breaks a rule or does not fit.</summary>
    public static int Encode(SampleFrame frame, byte[] destination, int offset) =>
        throw new System.InvalidOperationException("The codec is not built yet.");
}
