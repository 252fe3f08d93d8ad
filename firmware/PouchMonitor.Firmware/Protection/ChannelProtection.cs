using PouchMonitor.Firmware.Files;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Protection of one channel, with no network in it: holds every pass of the sensors against the limits of the test it is
/// armed for and opens the relay before it does anything else. What opened it is latched, in memory at once and in flash by
/// <see cref="Settle"/>, and only <see cref="Reset"/> ends it. One thread judges; the others may call from any thread.
/// </summary>
public sealed partial class ChannelProtection
{
    /// <summary>Time between two passes of an armed channel, at most: a reading and what confirms it fit into 100 ms.</summary>
    public const int ArmedIntervalMicroseconds = 50000;

    /// <summary>Longest time without a pass in an armed channel: the longest handshake, a stuck bus and an erased sector together.</summary>
    public const int StallMilliseconds = 6000;

    /// <summary>Restarts after which even a channel that resumes stays open.</summary>
    public const int RestartLimit = 3;

    private const int TrippedIntervalMicroseconds = 1000000;
    private const long FreshMicroseconds = 5000000;

    // Held while the flash is written, which may take 400 ms; the judging thread never takes it.
    private readonly object fileGate = new object();
    private readonly object gate = new object();
    private readonly int index;
    private readonly IBoardPins pins;
    private readonly IClock clock;
    private readonly ProtectionSettings settings;
    private readonly LimitJudge judge;
    private readonly LatchRecord record;
    private readonly CellSample last = new CellSample();
    private ProtectionLimits limits;
    private bool hasLast;
    private bool wantsLook;
    private bool isStarted;
    private int suspicions;
    private ProtectionCause suspect;
    private long suspectValue;
    private long suspectLimit;
    private int suspectColumn;
    private ProtectionCause standing;
    private long judgedMicroseconds;
    private long acknowledged;
    private bool isUnsaved;
    private bool isUntold;
    private bool resumes;

    /// <summary>
    /// Comes up as the record in the flash says, the relay open: an armed channel that was restarted is tripped by that.
    /// </summary>
    public ChannelProtection(
        int index, string channel, IBoardPins pins, IClock clock, IFileSystem files, ProtectionSettings settings, ColumnScale[] scales)
    {
        this.index = index;
        Channel = channel;
        this.pins = pins;
        this.clock = clock;
        this.settings = settings;
        judge = new LimitJudge(scales);
        limits = settings.Limits(TestKind.None);
        record = new LatchRecord(files, index);
        pins.SetRelay(index, false);
        Restore();
    }

    /// <summary>Name of the channel.</summary>
    public string Channel { get; }

    public ProtectionState State { get; private set; }

    /// <summary>Kind of test it is or was armed for.</summary>
    public TestKind Kind { get; private set; }

    /// <summary>Why it tripped.</summary>
    public ProtectionCause Cause => record.Cause;

    /// <summary>Value that tripped it, in the unit of the cause.</summary>
    public long Value => record.Value;

    /// <summary>Limit that it was held against, in the same unit.</summary>
    public long Limit => record.Limit;

    /// <summary>Column of the value (<see cref="SampleColumns"/>).</summary>
    public int Column => record.Column;

    /// <summary>Sample that was being taken when it tripped, in the boot in which it did.</summary>
    public long SampleNumber => record.SampleNumber;

    /// <summary>Uptime at which it tripped, in the boot in which it did.</summary>
    public long TrippedMicroseconds => record.UptimeMicroseconds;

    /// <summary>Restarts of the node since it was armed.</summary>
    public int RestartCount => record.RestartCount;

    /// <summary>Uptime at which it was armed.</summary>
    public long ArmedMicroseconds { get; private set; }

    /// <summary>Uptime by which the next pass must begin; the largest number when none is asked for.</summary>
    public long NextDueMicroseconds =>
        wantsLook ? judgedMicroseconds
        : State == ProtectionState.Armed ? judgedMicroseconds + ArmedIntervalMicroseconds
        : State == ProtectionState.Tripped ? judgedMicroseconds + TrippedIntervalMicroseconds
        : long.MaxValue;

    /// <summary>True while something waits for <see cref="Settle"/>.</summary>
    public bool IsUnsettled => isUnsaved || isUntold;

    /// <summary>Column of a reading beyond a limit that waits to be confirmed; -1 for none.</summary>
    public int SuspectColumn => suspicions > 0 ? suspectColumn : -1;

    /// <summary>Records that the flash refused since boot.</summary>
    public int RefusedRecordCount { get; private set; }

    /// <summary>
    /// Closes the relay for a kind of test. Null when it did, else one line naming what stands against it. The record of the
    /// armed channel is in flash before the relay closes, so that a restart at any later moment finds it.
    /// </summary>
    public string? Arm(TestKind kind)
    {
        lock (fileGate)
        {
            string? fault;
            lock (gate)
            {
                fault = FaultOfArming(kind);
                record.RestartCount = fault == null ? 0 : record.RestartCount;
            }

            return fault ?? Close(kind);
        }
    }

    /// <summary>Opens the relay at the end of a test. Null when it did, else why not.</summary>
    public string? Disarm()
    {
        lock (fileGate)
        {
            lock (gate)
            {
                if (State == ProtectionState.Tripped)
                {
                    return Tell("is tripped by " + Reason() + ": reset it");
                }

                pins.SetRelay(index, false);
                State = ProtectionState.Disarmed;
            }

            return record.Remove() ? null : Tell("is disarmed, but the flash kept the record: after a restart it is tripped");
        }
    }

    /// <summary>
    /// Ends the latch; the relay stays open until the channel is armed. Null when it did, else what still stands against it.
    /// </summary>
    public string? Reset()
    {
        lock (fileGate)
        {
            lock (gate)
            {
                string? fault = FaultOfReset();
                if (fault != null)
                {
                    return fault;
                }
            }

            if (!record.Remove())
            {
                return Tell("stays tripped: the flash kept the record");
            }

            lock (gate)
            {
                State = ProtectionState.Disarmed;
                record.Cause = ProtectionCause.None;
                isUnsaved = false;
                resumes = false;
                return null;
            }
        }
    }

    /// <summary>
    /// Takes a pass of the sensors; opens the relay when it is beyond a limit. True when another pass should follow at once:
    /// to confirm a reading beyond a limit, or in place of one that gave nothing.
    /// </summary>
    public bool Judge(CellSample sample) => Judge(sample, false);

    /// <summary>
    /// As <see cref="Judge(CellSample)"/>; <paramref name="isSameReading"/> says that the suspect column holds the reading that
    /// raised the suspicion still, which confirms nothing.
    /// </summary>
    public bool Judge(CellSample sample, bool isSameReading)
    {
        lock (gate)
        {
            Keep(sample);
            if (State == ProtectionState.Disarmed)
            {
                return false;
            }

            if (!isStarted)
            {
                Start(sample);
            }

            ProtectionCause cause = judge.Judge(sample);
            if (State == ProtectionState.Tripped)
            {
                standing = cause;
                return false;
            }

            if (IsLatchOpen())
            {
                Open(ProtectionCause.Comparator, 0, 0, SampleColumns.Voltage);
                return false;
            }

            return JudgeArmed(cause, isSameReading);
        }
    }

    /// <summary>Opens the relay of an armed channel for a reason that lies outside its readings; else does nothing.</summary>
    public void Trip(ProtectionCause cause, long value, long limit)
    {
        lock (gate)
        {
            if (State == ProtectionState.Armed)
            {
                Open(cause, value, limit, 0);
            }
        }
    }

    /// <summary>
    /// Opens the relay because the program is about to start anew, and leaves the record as it is: an armed channel comes up
    /// tripped by the restart.
    /// </summary>
    public void OpenForRestart()
    {
        pins.SetRelay(index, false);
        lock (gate)
        {
            State = State == ProtectionState.Armed ? ProtectionState.Disarmed : State;
        }
    }

    /// <summary>
    /// What need not be done within milliseconds: looks for a latch that opened by itself, a sampling thread that does not come
    /// and a gateway that is gone, then writes what changed to the flash. Not for the sampling thread. True once after a
    /// trip, when there is something to report.
    /// </summary>
    public bool Settle(long nowMicroseconds, long acknowledgedMicroseconds)
    {
        bool isToResume;
        lock (gate)
        {
            acknowledged = acknowledgedMicroseconds;
            if (State == ProtectionState.Armed)
            {
                Look(nowMicroseconds);
            }

            isToResume = resumes && IsFresh();
            resumes = resumes && !isToResume;
        }

        if (isToResume)
        {
            Resume();
        }

        Save();
        bool tells = isUntold;
        isUntold = false;
        return tells;
    }

    private bool JudgeArmed(ProtectionCause cause, bool isSameReading)
    {
        if (suspicions > 0 && cause == suspect && judge.Column == suspectColumn && isSameReading)
        {
            return false;
        }

        if (suspicions > 0 && cause == ProtectionCause.None && judge.HasGap)
        {
            // What should have confirmed the reading before said nothing: that does not make it untrue.
            Open(suspect, suspectValue, suspectLimit, suspectColumn);
            return false;
        }

        if (cause == ProtectionCause.None)
        {
            suspicions = 0;
            return judge.HasNewGap;
        }

        suspicions++;
        suspect = cause;
        suspectValue = judge.Value;
        suspectLimit = judge.Limit;
        suspectColumn = judge.Column;

        // A lost sensor has had its readings counted already.
        if (cause == ProtectionCause.SensorLoss || suspicions >= limits[ProtectionLimits.HoldReadings])
        {
            Open(suspect, suspectValue, suspectLimit, suspectColumn);
            return false;
        }

        return true;
    }
}
