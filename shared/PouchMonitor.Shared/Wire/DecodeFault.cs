namespace PouchMonitor.Wire;

/// <summary>Why bytes were not taken for a frame. Each is counted and shown under this name.</summary>
public enum DecodeFault
{
    /// <summary>The frame was decoded.</summary>
    None = 0,

    /// <summary>Fewer bytes than the frame says it has.</summary>
    Truncated,

    /// <summary>More bytes than <see cref="SampleFrame.MaximumEncodedBytes"/>, or bytes after the frame's end.</summary>
    Oversized,

    /// <summary>Does not start like a frame.</summary>
    NotAFrame,

    /// <summary>A version this program does not know.</summary>
    UnknownVersion,

    /// <summary>The check sum does not match.</summary>
    BadChecksum,

    /// <summary>A kind this program does not read.</summary>
    UnknownKind,

    /// <summary>A reserved bit is set or a reserved field is not 0.</summary>
    ReservedBits,

    /// <summary>A node or channel name that breaks the rules.</summary>
    BadName,

    /// <summary>No samples, or more than <see cref="SampleFrame.MaximumSamples"/> or the target's capacity.</summary>
    BadCount,

    /// <summary>A scale that is not a positive fraction.</summary>
    BadScale,

    /// <summary>A column that is not packed as described.</summary>
    BadColumn,

    /// <summary>A value or number outside what 64 bits hold.</summary>
    Overflow,

    /// <summary>Times that fall, or do not fit.</summary>
    BadTime,

    /// <summary>Sensor states that cannot be.</summary>
    BadStates,

    /// <summary>A field written in another way than the one allowed (a number with needless bytes, padding that is not 0).</summary>
    NotCanonical,
}
