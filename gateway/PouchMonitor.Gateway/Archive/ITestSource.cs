using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>A whole test that can be judged or imported: an archive, or a recorded series taken as one.</summary>
public interface ITestSource
{
    /// <summary>Cell, node, channel and segments; name and ordinal are those of where it comes from.</summary>
    TestRecord Record { get; }

    /// <summary>What it is judged by.</summary>
    CellProfile Profile { get; }

    /// <summary>What the calibrations say that its frames name, where it is known.</summary>
    IReadOnlyList<NodeCalibration> Calibrations => [];

    /// <summary>Samples in it.</summary>
    long SampleCount { get; }

    /// <summary>Reads everything once and compares check sums.</summary>
    /// <exception cref="InvalidDataException">Something is damaged.</exception>
    void Verify(CancellationToken cancellation);

    /// <summary>Unix microseconds at uptime zero of a boot.</summary>
    long StartOf(ulong boot);

    /// <summary>Gives the frames in order: decoded, their bytes, and when they arrived (Unix microseconds).</summary>
    /// <exception cref="InvalidDataException">Something is damaged.</exception>
    void ReadFrames(Action<SampleFrame, ReadOnlyMemory<byte>, long> take, CancellationToken cancellation);

    /// <summary>Alarms of the test and their history; empty where none are known.</summary>
    (IReadOnlyList<Alarm> Alarms, IReadOnlyList<AlarmHistoryLine> History) ReadAlarms();
}
