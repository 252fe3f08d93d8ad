namespace PouchMonitor.Formats;

/// <summary>A format as people are told of it.</summary>
/// <param name="Name">What <c>--format</c> takes.</param>
/// <param name="Description">One line.</param>
/// <param name="Proof">What the reader was proven on.</param>
public sealed record SeriesFormatInfo(string Name, string Description, FormatProof Proof);

/// <summary>What a reader was proven on.</summary>
public enum FormatProof
{
    /// <summary>Files that instruments wrote.</summary>
    RealFiles = 0,

    /// <summary>Only files written after the published description of the format.</summary>
    Documentation = 1,
}
