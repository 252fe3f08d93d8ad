namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>Figures of one rule on one set of cases, as kept in the regression file. Times in seconds; null where nothing was detected.</summary>
internal sealed record RuleFigures
{
    public const string Overall = "overall";

    private const double MonthS = 365.25 / 12 * 86_400;

    public required int Expected { get; init; }

    public required int Detected { get; init; }

    public required int FalseAlarms { get; init; }

    public required double CellMonths { get; init; }

    public double? MedianLeadS { get; init; }

    public double? WorstLeadS { get; init; }

    /// <summary>Interval of the median lead time; not kept.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public (double Low, double High) MedianLeadIntervalS { get; init; }

    /// <summary>All rules of a set of verdicts by name, and <see cref="Overall"/>: any right rule, any false alarm.</summary>
    public static SortedDictionary<string, RuleFigures> Of(IReadOnlyCollection<CaseVerdict> verdicts)
    {
        double months = verdicts.Sum(verdict => verdict.ExposureS) / MonthS;
        ExpectationVerdict[] expectations = [.. verdicts.SelectMany(verdict => verdict.Expectations)];
        string[] alarms = [.. verdicts.SelectMany(verdict => verdict.FalseAlarms).Select(alarm => alarm.Finding.Rule)];
        var figures = new SortedDictionary<string, RuleFigures>(StringComparer.Ordinal)
        {
            [Overall] = From(expectations, each => each.DetectedByAny, alarms.Length, months),
        };
        foreach (string rule in expectations.Select(each => each.Expectation.Rules[0]).Concat(alarms).Distinct(StringComparer.Ordinal))
        {
            figures[rule] = From(
                [.. expectations.Where(each => string.Equals(each.Expectation.Rules[0], rule, StringComparison.Ordinal))],
                each => each.DetectedByFirst,
                alarms.Count(alarm => string.Equals(alarm, rule, StringComparison.Ordinal)),
                months);
        }

        return figures;
    }

    /// <summary>One line with exact 95 % intervals.</summary>
    public string Describe(string rule)
    {
        (double low, double high) = Intervals.Share(Detected, Expected);
        (double fewest, double most) = Intervals.Rate(FalseAlarms, CellMonths);
        string found = Expected == 0 ? "nothing to detect" : $"{Detected}/{Expected} = {(double)Detected / Expected:F3} [{low:F3}, {high:F3}]";
        string alarms = $"{FalseAlarms} false in {CellMonths:F2} cell-months = {FalseAlarms / CellMonths:F3} [{fewest:F3}, {most:F3}]";
        string lead = MedianLeadS is null
            ? "-"
            : $"{Time(MedianLeadS.Value)} [{Time(MedianLeadIntervalS.Low)}, {Time(MedianLeadIntervalS.High)}], worst {Time(WorstLeadS!.Value)}";
        return $"{rule,-18} sensitivity {found,-38} {alarms,-62} lead {lead}";
    }

    private static string Time(double seconds) => Math.Abs(seconds) switch
    {
        < 120 => $"{seconds:F1} s",
        < 7200 => $"{seconds / 60:F1} min",
        < 172_800 => $"{seconds / 3600:F1} h",
        _ => $"{seconds / 86_400:F1} d",
    };

    private static RuleFigures From(
        ExpectationVerdict[] expectations, Func<ExpectationVerdict, bool> isDetected, int alarms, double months)
    {
        double[] leads = [.. expectations.Where(isDetected).Select(each => each.LeadS).Order()];
        (double low, double middle, double high) = Intervals.Median(leads);
        return new RuleFigures
        {
            Expected = expectations.Length,
            Detected = expectations.Count(isDetected),
            FalseAlarms = alarms,
            CellMonths = Math.Round(months, 4),
            MedianLeadS = leads.Length == 0 ? null : Math.Round(middle, 1),
            WorstLeadS = leads.Length == 0 ? null : Math.Round(leads[0], 1),
            MedianLeadIntervalS = (low, high),
        };
    }
}
