using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <content>What stands against arming and resetting, and how the latch comes and stays.</content>
public sealed partial class ChannelProtection
{
    /// <summary>The relay first; everything else can wait.</summary>
    private void Open(ProtectionCause cause, long value, long limit, int column)
    {
        pins.SetRelay(index, false);
        State = ProtectionState.Tripped;
        record.State = LatchRecord.StateTripped;
        record.Kind = Kind;
        record.Cause = cause;
        record.Value = value;
        record.Limit = limit;
        record.Column = (byte)column;
        record.SampleNumber = last.Number;
        record.UptimeMicroseconds = clock.UptimeMicroseconds;
        standing = cause;
        suspicions = 0;
        isUnsaved = true;
        isUntold = true;
    }

    private void Restore()
    {
        if (!record.Load())
        {
            return;
        }

        State = ProtectionState.Tripped;
        Kind = record.Kind;
        limits = settings.Limits(Kind);
        isUntold = true;
        if (record.State != LatchRecord.StateArmed)
        {
            return;
        }

        record.RestartCount++;
        record.State = LatchRecord.StateTripped;
        record.Cause = ProtectionCause.Restart;
        record.Value = record.RestartCount;
        record.Limit = settings.ResumesAfterRestart ? RestartLimit : 0;
        record.SampleNumber = 0;
        record.UptimeMicroseconds = 0;
        isUnsaved = true;
        resumes = settings.ResumesAfterRestart && record.RestartCount <= RestartLimit;
    }

    private void Resume()
    {
        lock (fileGate)
        {
            string? fault;
            lock (gate)
            {
                State = ProtectionState.Disarmed;
                fault = FaultOfArming(Kind);
                State = ProtectionState.Tripped;
            }

            if (fault == null)
            {
                Close(Kind);
            }
        }
    }

    /// <summary>Writes the record of an armed channel, looks once more, closes the relay.</summary>
    private string? Close(TestKind kind)
    {
        byte[] bytes;
        lock (gate)
        {
            record.State = LatchRecord.StateArmed;
            record.Kind = kind;
            record.Cause = ProtectionCause.None;
            bytes = record.ToBytes();
        }

        string? fault = record.Save(bytes) ? null : Tell("is not armed: the flash refused its record");
        lock (gate)
        {
            if (fault == null)
            {
                // The flash may have taken its time, in which the cell went on.
                State = ProtectionState.Disarmed;
                fault = FaultOfArming(kind);
            }

            if (fault == null)
            {
                Kind = kind;
                limits = settings.Limits(kind);
                Start(last);
                pins.SetRelay(index, true);
                fault = IsLatchOpen() ? Tell("is not armed: its latch does not close") : null;
            }

            if (fault == null)
            {
                State = ProtectionState.Armed;
                ArmedMicroseconds = clock.UptimeMicroseconds;
                judgedMicroseconds = ArmedMicroseconds - ArmedIntervalMicroseconds;
                isUnsaved = false;
                return null;
            }

            pins.SetRelay(index, false);
        }

        record.Remove();
        return fault;
    }

    private void Start(CellSample first)
    {
        judge.Start(limits, first);
        isStarted = true;
        suspicions = 0;
        standing = ProtectionCause.None;
    }

    private void Keep(CellSample sample)
    {
        last.Number = sample.Number;
        last.UptimeMicroseconds = sample.UptimeMicroseconds;
        last.States = sample.States;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            last.Counts[column] = sample.Counts[column];
        }

        hasLast = true;
        wantsLook = false;
        judgedMicroseconds = sample.UptimeMicroseconds;
    }

    private void Look(long now)
    {
        long sinceMilliseconds = (now - judgedMicroseconds) / 1000;
        long acknowledgedAt = acknowledged > ArmedMicroseconds ? acknowledged : ArmedMicroseconds;
        long aloneMilliseconds = (now - acknowledgedAt) / 1000;
        if (IsLatchOpen())
        {
            Open(ProtectionCause.Comparator, 0, 0, SampleColumns.Voltage);
        }
        else if (sinceMilliseconds >= StallMilliseconds)
        {
            Open(ProtectionCause.Stalled, sinceMilliseconds, StallMilliseconds, 0);
        }
        else if (settings.GatewayLossSeconds > 0 && aloneMilliseconds >= settings.GatewayLossSeconds * 1000L)
        {
            Open(ProtectionCause.GatewayLoss, aloneMilliseconds, settings.GatewayLossSeconds * 1000L, 0);
        }
    }

    private void Save()
    {
        if (!isUnsaved)
        {
            return;
        }

        lock (fileGate)
        {
            byte[] bytes;
            lock (gate)
            {
                if (!isUnsaved)
                {
                    return;
                }

                bytes = record.ToBytes();
                isUnsaved = false;
            }

            if (!record.Save(bytes))
            {
                // The record of the armed channel is still there, so a restart finds the channel tripped all the same.
                isUnsaved = true;
                RefusedRecordCount++;
            }
        }
    }

    private bool IsLatchOpen() => !pins.IsRelayClosed(index) || pins.IsComparatorTripped(index);

    private bool IsFresh() => hasLast && clock.UptimeMicroseconds - last.UptimeMicroseconds <= FreshMicroseconds;

    private string? FaultOfArming(TestKind kind)
    {
        if (kind == TestKind.None)
        {
            return Tell("needs a kind of test to be armed for, one of " + ProtectionNames.ListOfKinds());
        }

        if (State != ProtectionState.Disarmed)
        {
            return Tell(State == ProtectionState.Armed
                ? "is armed for " + ProtectionNames.OfKind(Kind) + " already"
                : "is tripped by " + Reason() + ": reset it first");
        }

        ProtectionLimits wanted = settings.Limits(kind);
        string? unreachable = judge.FaultOfReach(wanted);
        if (unreachable != null)
        {
            return Tell("cannot be armed: limits." + ProtectionNames.OfKind(kind) + "." + unreachable);
        }

        if (pins.IsComparatorTripped(index))
        {
            return Tell("cannot be armed: its comparator holds the latch open");
        }

        return FaultOfReading() ?? FaultOfSensors(wanted) ?? FaultOfLimits(wanted);
    }

    private string? FaultOfReset()
    {
        if (State != ProtectionState.Tripped)
        {
            return Tell("is not tripped");
        }

        if (pins.IsComparatorTripped(index))
        {
            return Tell("stays tripped: its comparator holds the latch open");
        }

        if (Cause == ProtectionCause.GatewayLoss && clock.UptimeMicroseconds - acknowledged >= settings.GatewayLossSeconds * 1000000L)
        {
            return Tell("stays tripped: nothing has been acknowledged since");
        }

        string? fault = FaultOfReading();
        if (fault != null)
        {
            return fault;
        }

        if (standing != ProtectionCause.None && isStarted)
        {
            return Tell("stays tripped: " + Figures(standing) + ", as last read");
        }

        return Cause == ProtectionCause.SensorLoss && last.StateOf(Column) != SensorState.Good
            ? Tell("stays tripped: sensor " + Column + " gives nothing that can be believed")
            : null;
    }

    private string? FaultOfReading()
    {
        if (IsFresh())
        {
            return null;
        }

        wantsLook = true;
        return Tell("has no reading of the last " + (FreshMicroseconds / 1000000) + " s; one is being taken, try again");
    }

    private string? FaultOfSensors(ProtectionLimits wanted)
    {
        if (last.StateOf(SampleColumns.Voltage) != SensorState.Good || last.StateOf(SampleColumns.Current) != SensorState.Good)
        {
            return Tell("cannot be armed: voltage or current cannot be read");
        }

        bool isWanted = wanted.Judges(ProtectionLimits.OverTemperature) || wanted.Judges(ProtectionLimits.UnderTemperature)
            || wanted.Judges(ProtectionLimits.HeatingRate);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (LimitJudge.IsOfCell(column) && last.StateOf(column) == SensorState.Good)
            {
                return null;
            }
        }

        return isWanted ? Tell("cannot be armed: no temperature of the cell can be read") : null;
    }

    private string? FaultOfLimits(ProtectionLimits wanted)
    {
        judge.Start(wanted, last);
        ProtectionCause cause = judge.Judge(last);
        return cause == ProtectionCause.None
            ? null
            : Tell("cannot be armed: " + Figures(cause));
    }

    private string Figures(ProtectionCause cause)
    {
        string unit = ProtectionNames.UnitOf(cause);
        string name = ProtectionNames.OfCause(cause);
        return unit == "1" ? name : name + ", " + judge.Value + " " + unit + ", limit " + judge.Limit;
    }

    private string Reason() => ProtectionNames.OfCause(Cause);

    private string Tell(string what) => "channel " + Channel + " " + what;
}
