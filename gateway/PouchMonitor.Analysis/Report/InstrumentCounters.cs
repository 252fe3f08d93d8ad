using System.Text.Json;

namespace PouchMonitor.Analysis.Report;

/// <summary>
/// The instrument's own charge counters compared with the charge counted here, half cycle by half cycle; comparison only, they never enter
/// the judgement.
/// </summary>
public sealed record InstrumentCounters
{
    /// <summary>Half cycles that can be compared, in order.</summary>
    public required IReadOnlyList<CounterDifference> Compared { get; init; }

    /// <summary>Half cycles that cannot, and why, in order.</summary>
    public required IReadOnlyList<CounterException> Excepted { get; init; }

    /// <summary>Smallest step in which the file gives the current, A; null where no row gives one.</summary>
    public double? CurrentResolutionA { get; init; }

    /// <summary>Changes of direction that were too many to follow; the comparison ends with the first of them.</summary>
    public long DroppedRunCount { get; init; }

    /// <summary>Median of the magnitudes of the differences, %; null where nothing is compared.</summary>
    public double? MedianPercent
    {
        get
        {
            double[] sorted = [.. Compared.Select(half => Math.Abs(half.DifferencePercent)).Order()];
            return sorted.Length == 0 ? null : 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
        }
    }

    /// <summary>The half cycle with the largest difference; null where nothing is compared.</summary>
    public CounterDifference? Worst => Compared.MaxBy(half => Math.Abs(half.DifferencePercent));

    /// <summary>Writes it as one JSON object (<c>shared/schemas/counters.schema.json</c>).</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        Write(writer, "medianPercent", MedianPercent);
        Write(writer, "maximumPercent", Worst is { } worst ? Math.Abs(worst.DifferencePercent) : null);
        Write(writer, "currentResolutionA", CurrentResolutionA);
        writer.WriteNumber("droppedRuns", DroppedRunCount);
        writer.WriteStartArray("halfCycles");
        foreach (CounterDifference half in Compared)
        {
            writer.WriteStartObject();
            writer.WriteNumber("cycle", half.Cycle);
            writer.WriteString("half", half.IsCharge ? "charge" : "discharge");
            writer.WriteNumber("countedAh", half.CountedAh);
            writer.WriteNumber("counterAh", half.CounterAh);
            writer.WriteNumber("differencePercent", half.DifferencePercent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("excepted");
        foreach (CounterException exception in Excepted)
        {
            writer.WriteStartObject();
            writer.WriteNumber("cycle", exception.Cycle);
            writer.WriteString("half", exception.IsCharge ? "charge" : "discharge");
            writer.WriteString("reason", exception.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}

/// <summary>One half cycle, counted twice.</summary>
/// <param name="Cycle">Its number here.</param>
/// <param name="IsCharge">True for the charge, false for the discharge.</param>
/// <param name="CountedAh">Charge counted here, Ah.</param>
/// <param name="CounterAh">Charge by the instrument's counter, Ah.</param>
public sealed record CounterDifference(int Cycle, bool IsCharge, double CountedAh, double CounterAh)
{
    /// <summary>What is counted here less what the instrument says, % of the latter.</summary>
    public double DifferencePercent => 100 * ((CountedAh / CounterAh) - 1);
}

/// <summary>One half cycle that cannot be compared.</summary>
/// <param name="Cycle">Its number here.</param>
/// <param name="IsCharge">True for the charge, false for the discharge.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record CounterException(int Cycle, bool IsCharge, string Reason);
