using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What a worker needs from the gateway around it.</summary>
internal sealed record WorkerServices
{
    public required ChannelServices Channel { get; init; }

    public required AlarmBook Alarms { get; init; }

    /// <summary>Gateway time, Unix microseconds.</summary>
    public required Func<long> NowMicroseconds { get; init; }

    /// <summary>Shows a channel as it is now.</summary>
    public required Action<ChannelView> Publish { get; init; }

    /// <summary>Where frames are handed over that an abuse test wants.</summary>
    public Abuse.AbuseTaps Taps { get; init; } = new();

    /// <summary>Counts a fault of the program itself and has it told in an alarm.</summary>
    public required Action<string> Faulted { get; init; }

    /// <summary>Hands a checkpoint over to be stored.</summary>
    public required Action<TestRun, TestCheckpoint> Store { get; init; }
}
