using System.Globalization;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary><c>voltage-limit</c>: the believed voltage against the profile's window, above and below.</summary>
internal sealed class VoltageLimits(CellProfile profile, IFindingSink sink)
{
    private const double StepV = 0.1;

    private readonly Side above = new(sink, profile.MaximumVoltageV, isAbove: true);
    private readonly Side below = new(sink, profile.MinimumVoltageV, isAbove: false);

    public void Add(long timeMicroseconds, double voltageV)
    {
        above.Add(timeMicroseconds, voltageV);
        below.Add(timeMicroseconds, voltageV);
    }

    public void RestartHolds()
    {
        above.Alarm.RestartHolds();
        below.Alarm.RestartHolds();
    }

    public void Complete()
    {
        above.Complete();
        below.Complete();
    }

    public void Save(BinaryWriter writer)
    {
        above.Alarm.Save(writer);
        below.Alarm.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        above.Alarm.Load(reader);
        below.Alarm.Load(reader);
    }

    private sealed class Side
    {
        private readonly IFindingSink sink;
        private readonly double? limitV;
        private readonly bool isAbove;
        private readonly AlarmLevels levels;

        public Side(IFindingSink sink, double? limitV, bool isAbove)
        {
            this.sink = sink;
            this.limitV = limitV;
            this.isAbove = isAbove;
            LimitRow severe = isAbove ? LimitTable.VoltageFarAbove : LimitTable.VoltageFarBelow;
            LimitRow row = LimitTable.VoltageWindow;
            levels = new AlarmLevels(row, row.Raise, severe, severe.Raise, row.Raise - row.ClearBelow, StepV);
        }

        public LevelAlarm Alarm { get; } = new();

        public void Add(long timeMicroseconds, double voltageV)
        {
            if (limitV is not double limit)
            {
                return;
            }

            double outside = isAbove ? voltageV - limit : limit - voltageV;
            if (outside <= levels.Raise && outside <= levels.Severe && Alarm.IsQuiet)
            {
                return;
            }

            AlarmChange change = Alarm.Update(
                timeMicroseconds, levels, outside > levels.Raise, outside > levels.Severe, outside, outside, voltageV, SampleColumns.Voltage);
            if (change != AlarmChange.None)
            {
                Tell(change == AlarmChange.Cleared ? timeMicroseconds : null);
            }
        }

        public void Complete()
        {
            if (Alarm.HasUntoldExtreme)
            {
                Tell(null);
            }
        }

        private void Tell(long? clearedMicroseconds)
        {
            Alarm.MarkTold();
            LimitRow row = Alarm.IsSevere ? levels.SevereRow : levels.Row;
            sink.OnFinding(new Finding
            {
                Rule = RuleNames.VoltageLimit,
                OnsetMicroseconds = Alarm.OnsetMicroseconds,
                Severity = row.Severity,
                Measure = ColumnText.Measure(SampleColumns.Voltage),
                Observed = Alarm.ExtremeReading,
                Limit = limitV,
                Unit = "V",
                Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"voltage {Alarm.ExtremeReading:0.####} V is {(isAbove ? "above" : "below")} the window's {limitV:0.####} V by more than {row.Raise} V for {row.HoldS} s"),
                ClearedMicroseconds = clearedMicroseconds,
            });
        }
    }
}
