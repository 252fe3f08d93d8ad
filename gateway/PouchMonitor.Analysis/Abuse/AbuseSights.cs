namespace PouchMonitor.Analysis.Abuse;

/// <summary>
/// Judges the criteria that only a person can see by what the person has written down, and says what all of them say together. Made anew
/// with every change of a test that has ended, until it is signed with the rest.
/// </summary>
public static class AbuseSights
{
    /// <summary>The record with those criteria judged, and its verdict.</summary>
    public static AbuseRecord Judge(AbuseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        AbuseRecord judged = record.Figures is not { } figures || !record.Plan.Criteria.Any(rule => rule.Seen is not null) ? record
            : record with { Figures = figures with { Criteria = [.. figures.Criteria.Select(one => Judge(one, record))] } };
        return judged with { Verdict = AbuseVerdict.Of(judged) };
    }

    private static AbuseCriterion Judge(AbuseCriterion criterion, AbuseRecord record)
    {
        if (record.Plan.Criteria.FirstOrDefault(rule => rule.Id == criterion.Id) is not { Measure: CriterionMeasure.Observed, Seen: { } signs })
        {
            return criterion;
        }

        AbuseObservations said = record.Observations;
        AbuseSign[] seen = [.. signs.Where(sign => Of(said, sign) == true)];
        AbuseSign[] unsaid = [.. signs.Where(sign => Of(said, sign) is null)];
        return seen.Length > 0 ? criterion with { State = CriterionState.Met, Reason = $"{Names(seen)} seen by {said.Person}" }
            : unsaid.Length > 0 ? criterion with { State = CriterionState.NotJudged, Reason = $"only a person can see it: {Names(unsaid)} not said yet" }
            : criterion with { State = CriterionState.NotMet, Reason = $"{Names(signs)} looked for by {said.Person} and not seen" };
    }

    private static bool? Of(AbuseObservations said, AbuseSign sign) => sign switch
    {
        AbuseSign.Leak => said.Leak,
        AbuseSign.Vent => said.Vent,
        AbuseSign.Smoke => said.Smoke,
        AbuseSign.Flame => said.Flame,
        AbuseSign.Rupture => said.Rupture,
        AbuseSign.Explosion => said.Explosion,
        _ => null,
    };

    private static string Names(IEnumerable<AbuseSign> signs) => string.Join(", ", signs.Select(sign => sign.ToString().ToLowerInvariant()));
}
