namespace PouchMonitor.Wire;

/// <summary>
/// Working space that each <see cref="SampleFrame"/> owns, so that the codec needs no static buffers: two threads may
/// encode or decode two frames at once, but not one frame.
/// </summary>
internal sealed class FrameScratch
{
    /// <summary>One block of values.</summary>
    public readonly long[] Block = new long[FrameLayout.BlockValues];

    /// <summary>Characters of a name before it becomes a string.</summary>
    public readonly char[] NameCharacters = new char[TopicNames.MaximumNameLength];

    /// <summary>Where the encoder writes.</summary>
    public readonly FrameWriter Writer = new FrameWriter();

    /// <summary>Where the decoder reads.</summary>
    public readonly FrameReader Reader = new FrameReader();

    /// <summary>The last node name found valid; the same object need not be checked again.</summary>
    public string ValidNode = "";

    /// <summary>The last channel name found valid; the same object need not be checked again.</summary>
    public string ValidChannel = "";
}
