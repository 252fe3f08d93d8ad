using System.Globalization;
using System.Text;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Influx;

/// <summary>
/// Tests, cycles, findings and alarms that have changed, into a batch. A revised record overwrites its point; one that moved,
/// was withdrawn, or no longer knows a value it had (a field cannot be taken back) leaves a point marked as not valid behind,
/// and goes on under another variant.
/// </summary>
internal sealed class RecordFeed(StateChanges changes, ForwarderState state, InfluxOptions options)
{
    private const int AlarmsAtOnce = 500;
    private readonly Dictionary<(string Kind, string Test, string Item), SentRecord> sent = [];
    private long changed = state.Number("changed");
    private string changedTest = state.Text("changedTest") ?? "";
    private long alarmId = state.Number("alarm");

    /// <summary>True when there was nothing more at the last filling.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>True when the batch has records that are not noted as delivered.</summary>
    public bool HasProgress { get; private set; }

    public void BeginBatch()
    {
        HasProgress = false;
        sent.Clear();
        changed = state.Number("changed");
        changedTest = state.Text("changedTest") ?? "";
        alarmId = state.Number("alarm");
    }

    /// <summary>Adds records, test after test, until the batch is full or there are no more.</summary>
    public void Fill(LineBuffer batch, Func<LineBuffer, bool> isFull)
    {
        IsAtEnd = false;
        foreach (AlarmEvent alarm in isFull(batch) ? [] : changes.AlarmEvents(alarmId, AlarmsAtOnce))
        {
            Write(alarm, batch);
            alarmId = alarm.Id;
            HasProgress = true;
        }

        while (!isFull(batch))
        {
            if (changes.NextTest(changed, changedTest) is not { } next)
            {
                IsAtEnd = true;
                return;
            }

            (string Tag, string Value)[] tags =
            [
                (InfluxSchema.Cell, next.Test.Cell), (InfluxSchema.Node, next.Test.Node), (InfluxSchema.Channel, next.Test.Channel),
                (InfluxSchema.Test, next.Test.Test), .. options.Tags,
            ];
            if (next.Test.StartMicroseconds is not null)
            {
                Write(next.Test, next.Changed, tags, batch);
            }

            HasProgress = true;
            (changed, changedTest) = (next.Changed, next.Test.Test);
        }
    }

    /// <summary>Notes the batch as delivered; part of one transaction.</summary>
    public void SaveDelivered()
    {
        foreach (((string kind, string test, string item), SentRecord record) in sent)
        {
            state.SaveSent(kind, test, item, record);
        }

        state.Set("changed", changed);
        state.Set("changedTest", changedTest);
        state.Set("alarm", alarmId);
    }

    private void Write(TestRecord test, long testChanged, (string Tag, string Value)[] tags, LineBuffer batch)
    {
        long after = Sent(InfluxSchema.Tests.Name, test.Test, "")?.Changed ?? 0;
        foreach ((long position, var cycle) in changes.Cycles(test.Test, after))
        {
            Write(RecordPoint.Of(cycle, position.ToString(CultureInfo.InvariantCulture), test.Test, tags), testChanged, batch);
        }

        foreach (var finding in changes.Findings(test.Test, after))
        {
            Write(RecordPoint.Of(finding, test.Test, tags), testChanged, batch);
        }

        long count = changes.CycleCount(test.Test);
        Withdraw(InfluxSchema.Cycles, test.Test, tags, batch, item => long.Parse(item, CultureInfo.InvariantCulture) >= count);
        IReadOnlySet<string> findings = changes.FindingIds(test.Test);
        Withdraw(InfluxSchema.Findings, test.Test, tags, batch, item => !findings.Contains(item));
        Write(RecordPoint.Of(test, tags), testChanged, batch);
    }

    private void Write(RecordPoint point, long testChanged, LineBuffer batch)
    {
        string kind = point.Measurement.Name;
        SentRecord? before = Sent(kind, point.Test, point.Item);
        long mask = point.FieldMask;
        bool staysInPlace = before is null
            || (!before.IsWithdrawn && before.TimeMicroseconds == point.TimeMicroseconds && (before.FieldMask & ~mask) == 0);
        if (!staysInPlace && !before!.IsWithdrawn)
        {
            RecordPoint.WriteWithdrawal(batch, point.Measurement, point.Tags, before);
        }

        int variant = (before?.Variant ?? 0) + (staysInPlace ? 0 : 1);
        point.Write(batch, variant);
        sent[(kind, point.Test, point.Item)] = new SentRecord(point.TimeMicroseconds, mask, variant, testChanged, IsWithdrawn: false);
    }

    private void Withdraw(InfluxMeasurement measurement, string test, (string Tag, string Value)[] tags, LineBuffer batch, Predicate<string> isGone)
    {
        foreach ((string item, SentRecord record) in state.SentOf(measurement.Name, test))
        {
            if (isGone(item) && !sent.ContainsKey((measurement.Name, test, item)))
            {
                // A finding's rule is the part of its name before the onset.
                (string Tag, string Value)[] own = measurement == InfluxSchema.Findings
                    ? [.. tags, (InfluxSchema.Rule, item[..item.LastIndexOf('@')])] : tags;
                RecordPoint.WriteWithdrawal(batch, measurement, own, record);
                sent[(measurement.Name, test, item)] = record with { IsWithdrawn = true };
            }
        }
    }

    private SentRecord? Sent(string kind, string test, string item) =>
        sent.GetValueOrDefault((kind, test, item)) ?? state.FindSent(kind, test, item);

    private void Write(AlarmEvent alarm, LineBuffer batch)
    {
        AlarmHistoryLine line = alarm.Line;
        AlarmState to = Enum.Parse<AlarmState>(line.To);
        batch.Begin(LineBuffer.SeriesKey(InfluxSchema.Alarms,
            [(InfluxSchema.Cell, line.Cell), (InfluxSchema.Rule, line.Rule), (InfluxSchema.Test, line.Test), .. options.Tags]));
        batch.Text(Name(0), AlarmJson.NameOf(Enum.Parse<AlarmState>(line.From)));
        batch.Text(Name(1), AlarmJson.NameOf(to));
        batch.Integer(Name(2), (long)to);
        batch.Text(Name(3), line.Person);
        batch.Text(Name(4), line.Note);
        batch.Text(Name(5), line.Reason);
        batch.End(line.AtMicroseconds + alarm.EarlierAtOnce);
    }

    private static byte[] Name(int field) => Encoding.UTF8.GetBytes(InfluxSchema.Alarms.Fields[field].Name);
}
