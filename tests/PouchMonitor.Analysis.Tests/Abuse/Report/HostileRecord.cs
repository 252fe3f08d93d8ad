using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>A record in which every text that comes from people, files or nodes is the same hostile one.</summary>
internal static class HostileRecord
{
    public static AbuseReportInput Of(string text)
    {
        AbuseRecord plain = AbuseExample.Record();
        AbuseFigures figures = plain.Figures!;
        AbuseRecord record = plain with
        {
            Id = text,
            Cell = text,
            Node = text,
            Channel = text,
            Test = text,
            Source = text,
            Profile = text,
            CreatedBy = text,
            ArmedBy = text,
            EndedBy = text,
            Plan = plain.Plan with
            {
                Name = text,
                Title = text,
                Standard = text,
                Note = text,
                ProtectionKind = text,
                Conditions = [new PlanCondition(text, 1, text, FigureSource.Recalled), new PlanCondition(text + "b", null, text, FigureSource.Lab)],
                Criteria = [.. plain.Plan.Criteria.Select(rule => rule with { Title = text, Unit = text })],
            },
            Checks = [new AbuseCheck(text, text, true, CheckState.Bad, text, text, 5)],
            Figures = figures with
            {
                Trigger = figures.Trigger! with { Reason = text },
                Values = [.. figures.Values.Select(value => value with { Title = text, Unit = text, Sensor = text, Definition = text, Absence = text })],
                Criteria = [.. figures.Criteria.Select(criterion => criterion with { Title = text, Unit = text, Reason = text })],
                SensorLosses = [new SensorLoss(text, text, AbuseExample.TriggerAt, 5, text, null)],
                Hazard = new HazardAssessment(4, [text], text),
                Observation = new ObservationStanding(1, 2, [text], null),
                Deviations = [text],
            },
            Log = [new AbuseLogEntry(AbuseExample.TriggerAt, text, text, text)],
            Observations = new AbuseObservations { HazardLevel = 9, Reason = text, Person = text },
            Deviations = [text],
            Attachments = [new AbuseAttachment(1, text, text, 5, text, text, text, 5)],
            Calibrations = [new AbuseCalibration(text, text, text)],
            Stop = new AbuseStop(5, text, text, 6, text),
            Signatures = [new AbuseSignature(text, text, 5, text)],
        };
        AbuseTrace[] few = [.. AbuseExample.Traces().Select(trace => trace with { TimeS = [.. trace.TimeS.Where(IsKept)], Values = [.. trace.Values.Where(IsKept)] })];
        AbuseTrace[] traces = [.. few.Select(trace => trace with { Id = text, Title = text }), few[0] with { Unit = text, Title = text }];
        return new AbuseReportInput(record, traces, [AbuseExample.Images()[^1]], _ => null);
    }

    // A curve's length is no matter here.
    private static bool IsKept<T>(T _, int at) => at % 50 == 0;
}
