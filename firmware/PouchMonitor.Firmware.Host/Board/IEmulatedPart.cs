using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>A part on the emulated bus, as seen from the wires: bytes written to it and read from it.</summary>
public interface IEmulatedPart
{
    /// <summary>Takes bytes; false when the part does not acknowledge one of them.</summary>
    bool Write(ReadOnlySpan<byte> bytes);

    /// <summary>Gives bytes after a (repeated) start.</summary>
    void Read(Span<byte> bytes);
}
