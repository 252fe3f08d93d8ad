using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>A run of sample numbers of one boot that belongs to a test.</summary>
/// <param name="Boot">The boot.</param>
/// <param name="FirstNumber">First sample number.</param>
/// <param name="EndNumber">Number after the last, or null while the test or the boot goes on.</param>
public sealed record TestSegment(ulong Boot, long FirstNumber, long? EndNumber);

/// <summary>One cell on one channel from a start to an end.</summary>
public sealed record TestRecord
{
    /// <summary>Unique name: cell, then a running number on the gateway.</summary>
    public required string Test { get; init; }

    public required string Cell { get; init; }

    public required string Node { get; init; }

    public required string Channel { get; init; }

    public string? Profile { get; init; }

    /// <summary>Content of the profile it began with (<see cref="StoredProfile.Hash"/>); null in what was stored before that was kept.</summary>
    public string? ProfileHash { get; init; }

    /// <summary>Order in which tests began on this gateway.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Time of the first sample, microseconds of the samples' own clock.</summary>
    public long? StartMicroseconds { get; init; }

    /// <summary>Time of the last sample so far, microseconds.</summary>
    public long? LastMicroseconds { get; init; }

    /// <summary>True when its end has been reached in sample order.</summary>
    public bool Ended { get; init; }

    /// <summary>True when another test has begun on its channel: it ends with the last sample that is stored of it.</summary>
    public bool Closed { get; init; }

    public long SampleCount { get; init; }

    public IReadOnlyList<TestSegment> Segments { get; init; } = [];
}

/// <summary>
/// Everything of a test that is stored in one transaction: how far its analysis has come, the analysis itself, and what
/// it gave. A restart goes on from here, neither repeating nor skipping a sample.
/// </summary>
public sealed record TestCheckpoint
{
    public required TestRecord Record { get; init; }

    /// <summary>The profile it began with, of the record's hash.</summary>
    public StoredProfile? Profile { get; init; }

    /// <summary>State of the analysis (<see cref="Analysis.ChannelAnalysis.Save"/>).</summary>
    public required byte[] Snapshot { get; init; }

    /// <summary>Segment and number of the next sample to be analysed.</summary>
    public required int NextSegment { get; init; }

    public required long NextNumber { get; init; }

    /// <summary>Cycles from <see cref="FirstCycleAt"/> on, to replace what is stored from there.</summary>
    public required IReadOnlyList<CycleSummary> Cycles { get; init; }

    public required int FirstCycleAt { get; init; }

    public required IReadOnlyList<PulseResistance> Pulses { get; init; }

    public required int FirstPulseAt { get; init; }

    /// <summary>Steps from <see cref="FirstStepAt"/> on.</summary>
    public IReadOnlyList<StepSummary> Steps { get; init; } = [];

    public int FirstStepAt { get; init; }

    /// <summary>Spans of calibration from <see cref="FirstCalibrationAt"/> on.</summary>
    public IReadOnlyList<CalibrationSpan> Calibrations { get; init; } = [];

    public int FirstCalibrationAt { get; init; }

    /// <summary>True where nothing of it has to be stored already.</summary>
    public bool IsWhole => this is { FirstCycleAt: 0, FirstPulseAt: 0, FirstStepAt: 0, FirstCalibrationAt: 0 };

    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>A test as read back at a start.</summary>
public sealed record StoredTest(
    TestRecord Record,
    byte[] Snapshot,
    int NextSegment,
    long NextNumber,
    IReadOnlyList<CycleSummary> Cycles,
    IReadOnlyList<PulseResistance> Pulses,
    IReadOnlyList<Finding> Findings)
{
    public IReadOnlyList<StepSummary> Steps { get; init; } = [];

    public IReadOnlyList<CalibrationSpan> Calibrations { get; init; } = [];
}
