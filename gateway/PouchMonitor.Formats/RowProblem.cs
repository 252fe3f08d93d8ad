using System.Globalization;

namespace PouchMonitor.Formats;

/// <summary>One row that was left out, and why.</summary>
/// <param name="File">File as it was named by the caller.</param>
/// <param name="Line">Line in the (unpacked) file, from 1.</param>
/// <param name="Reason">What is wrong: the thing, the value and the limit.</param>
public sealed record RowProblem(string File, long Line, string Reason)
{
    /// <summary>FILE:LINE: reason.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Reason}");
}
