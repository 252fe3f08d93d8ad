namespace PouchMonitor.Measurement;

/// <summary>Why text was not taken for a decimal number.</summary>
public enum DecimalFault
{
    /// <summary>The number was read.</summary>
    None = 0,

    /// <summary>No characters but spaces and tabs.</summary>
    Empty,

    /// <summary>Not a finite decimal number: words, NaN, infinities, a comma, a second point, a bare sign or exponent.</summary>
    NotANumber,

    /// <summary>A number whose whole part is beyond 64 bits.</summary>
    OutOfRange,
}
