using System.Globalization;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>A moment that is lettered in the plots, with what the key says of it.</summary>
/// <param name="At">Seconds as in the series.</param>
/// <param name="Style">Class of its colour, the name of a severity.</param>
internal sealed record MarkedMoment(string Mark, double At, string Text, string Style);

/// <summary>One abuse test with what several parts of its report need.</summary>
internal sealed class AbuseView
{
    private const int MostMarks = 26;

    public AbuseView(AbuseReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Input = input;
        Verdict = Record.Verdict ?? AbuseSights.Judge(Record).Verdict!;
        Zero = Figures?.Trigger?.At ?? Record.TriggeredAt;
        Marks = [.. AllMarks().Where(mark => double.IsFinite(mark.At)).OrderBy(mark => mark.At)];
    }

    public AbuseReportInput Input { get; }

    public AbuseRecord Record => Input.Record;

    public AbusePlan Plan => Record.Plan;

    public AbuseFigures? Figures => Record.Figures;

    public AbuseVerdict Verdict { get; }

    /// <summary>The trigger, s; null where the test was never triggered.</summary>
    public double? Zero { get; }

    /// <summary>Moments that the plots mark, in order.</summary>
    public IReadOnlyList<MarkedMoment> Marks { get; }

    public bool IsOver => Record.State is AbuseState.Ended or AbuseState.Signed or AbuseState.Cancelled;

    public bool IsSigned => Record.Signatures.Count > 0;

    /// <summary>What of the record a reader must know before all else; empty for a signed one.</summary>
    public string Standing => Record.State switch
    {
        AbuseState.Cancelled => "CANCELLED, never triggered",
        _ when !IsOver => "NOT ENDED: provisional",
        _ when !IsSigned => "NOT SIGNED",
        _ => "",
    };

    /// <summary>The day of the test, or that its series has no clock.</summary>
    public string Day => new[] { Zero, Record.ArmedAt, Figures?.FirstAt, Record.CreatedAt }
        .Select(at => at is { } known ? AbuseMoment.Day(known) : "").FirstOrDefault(day => day.Length > 0) ?? "no date: the series counts from its own zero";

    private IEnumerable<MarkedMoment> AllMarks()
    {
        if (Zero is { } zero)
        {
            yield return new MarkedMoment("T", zero, Figures?.Trigger is { } trigger ? $"Trigger, by {AbuseWords.Of(trigger.Source)}" : "Trigger", "emergency");
        }

        int number = 0;
        foreach (AbuseCriterion criterion in (Figures?.Criteria ?? []).Where(one => one.MetAt is not null).OrderBy(one => one.MetAt).Take(MostMarks))
        {
            yield return new MarkedMoment(
                (++number).ToString(CultureInfo.InvariantCulture), criterion.MetAt!.Value, $"Criterion met: {criterion.Title}", criterion.IsFailure ? "emergency" : "critical");
        }

        number = 0;
        foreach (SensorLoss loss in (Figures?.SensorLosses ?? []).OrderBy(one => one.At).Take(MostMarks))
        {
            yield return new MarkedMoment(((char)('a' + number++)).ToString(), loss.At, $"Sensor lost: {loss.Sensor}, {loss.Fault}", "warning");
        }

        if (Record.ExposureEndedAt is { } exposed)
        {
            yield return new MarkedMoment("E", exposed, "Exposure ended", "advisory");
        }

        if (Figures?.Observation.CompleteAt is { } complete)
        {
            yield return new MarkedMoment("O", complete, "Observation complete: all that the plan waits for held", "advisory");
        }
    }
}
