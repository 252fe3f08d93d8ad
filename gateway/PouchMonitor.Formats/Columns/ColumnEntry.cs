namespace PouchMonitor.Formats.Columns;

/// <summary>What a cell holds beyond a plain number.</summary>
internal static class ColumnRoles
{
    /// <summary>Time since the step began, s.</summary>
    public const int StepTime = 120;

    /// <summary>Date and time of day.</summary>
    public const int Clock = 121;

    /// <summary>A word or letter for what the step does.</summary>
    public const int State = 122;

    /// <summary>Time of a second logger in the same table; in its own plan it is the time.</summary>
    public const int SecondTime = 123;

    /// <summary>What a role measures, with its base unit.</summary>
    public static Dimension DimensionOf(int role) => role switch
    {
        SeriesHeader.Time or StepTime or SecondTime => Dimension.Time,
        Measurement.SampleColumns.Voltage => Dimension.Voltage,
        Measurement.SampleColumns.Current => Dimension.Current,
        SeriesHeader.Capacity or SeriesHeader.NetCapacity or SeriesHeader.ChargeCapacity or SeriesHeader.DischargeCapacity => Dimension.Charge,
        SeriesHeader.Energy or SeriesHeader.ChargeEnergy or SeriesHeader.DischargeEnergy => Dimension.Energy,
        SeriesHeader.Force => Dimension.Force,
        SeriesHeader.Displacement => Dimension.Length,
        >= Measurement.SampleColumns.FirstTemperature and < Measurement.SampleColumns.Count => Dimension.Temperature,
        _ => Dimension.None,
    };
}

/// <summary>One quantity of a format and the names its column may have, the best first.</summary>
/// <param name="Role">A sample's column, or a role of <see cref="SeriesHeader"/> or <see cref="ColumnRoles"/>.</param>
/// <param name="Keys">Names as <see cref="ColumnName.KeyOf"/> gives them; a last '*' stands for digits.</param>
internal sealed record ColumnEntry(int Role, params string[] Keys)
{
    /// <summary>Place of the key among the names; -1 where it is none of them.</summary>
    public int RankOf(string key) => Array.FindIndex(Keys, known => Matches(known, key));

    private static bool Matches(string known, string key) =>
        known[^1] == '*'
            ? key.Length > known.Length - 1 && key.StartsWith(known[..^1], StringComparison.Ordinal) && key[(known.Length - 1)..].All(char.IsAsciiDigit)
            : string.Equals(known, key, StringComparison.Ordinal);
}
