using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>Stored frames of one boot of a channel, read back in sample-number order.</summary>
public interface IFrameHistory
{
    /// <summary>Opens a cursor over the <c>samples</c> frames of a boot from the one that holds (or follows) a number.</summary>
    IFrameCursor Open(string node, string channel, ulong boot, long fromNumber);

    /// <summary>Position in commit order at which the store ended when it was opened.</summary>
    long StartPosition { get; }

    /// <summary>Number after the highest sample of a boot that is no longer kept; 0 where all is.</summary>
    long RemovedEnd(string node, string channel, ulong boot) => 0;
}

/// <summary>Reads frames one after the other into the same object.</summary>
public interface IFrameCursor : IDisposable
{
    /// <summary>Position in commit order of the frame that was read last.</summary>
    long Position { get; }

    /// <summary>Fills <paramref name="frame"/> with the next frame; false at the end of what is stored.</summary>
    bool TryRead(SampleFrame frame);
}
