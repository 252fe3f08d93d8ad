namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>Gathers values with their definitions, and the reason where one is absent.</summary>
internal sealed class ValueList
{
    private readonly List<AbuseValue> values = [];

    public IReadOnlyList<AbuseValue> Values => values;

    public void Add(
        string id, string title, double value, string unit, double? uncertainty, double? atS, string? sensor, string definition, string absence)
    {
        bool isKnown = double.IsFinite(value);
        // A half width of nothing would claim more than any reading can.
        double? half = uncertainty is { } one && double.IsFinite(one) && one > 0 ? one : null;
        values.Add(new AbuseValue(
            id, title, isKnown ? value : null, unit, isKnown ? half : null, isKnown ? atS : null, sensor, definition, isKnown ? null : absence));
    }

    public void AddAbsent(string id, string title, string unit, string definition, string absence) =>
        Add(id, title, double.NaN, unit, null, null, null, definition, absence);
}
