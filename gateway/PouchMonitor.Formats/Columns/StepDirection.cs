using System.Text;
using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats.Columns;

/// <summary>
/// What the word or letter of a step says of the current's sign: instruments that log magnitudes, or discharge as positive,
/// state the direction there. The last word is remembered, since it stays the same for many rows.
/// </summary>
internal sealed class StepDirection(TextDecoder decoder)
{
    private const int MaximumBytes = 64;
    private readonly byte[] last = new byte[MaximumBytes];
    private int lastLength = -1;
    private int lastDirection;

    /// <summary>1 charge, -1 discharge, 0 where it does not say: rest, pulses, profiles.</summary>
    public int Of(ReadOnlySpan<byte> word)
    {
        if (word.Length > MaximumBytes)
        {
            return 0;
        }

        if (word.Length != lastLength || !word.SequenceEqual(last.AsSpan(0, lastLength)))
        {
            word.CopyTo(last);
            lastLength = word.Length;
            lastDirection = Parse(decoder.Decode(word));
        }

        return lastDirection;
    }

    private static int Parse(string word)
    {
        string plain = ColumnName.KeyOf(word.Normalize(NormalizationForm.FormKC));
        return plain switch
        {
            "c" => 1,
            "d" => -1,
            _ when word.StartsWith("C_", StringComparison.Ordinal) => 1,
            _ when word.StartsWith("D_", StringComparison.Ordinal) => -1,
            _ when plain.Contains("dchg", StringComparison.Ordinal) || plain.Contains("dischg", StringComparison.Ordinal)
                || plain.Contains("discharg", StringComparison.Ordinal) || plain.Contains('放', StringComparison.Ordinal) => -1,
            _ when plain.Contains("chg", StringComparison.Ordinal) || plain.Contains("charg", StringComparison.Ordinal)
                || plain.Contains('充', StringComparison.Ordinal) => 1,
            _ => 0,
        };
    }
}
