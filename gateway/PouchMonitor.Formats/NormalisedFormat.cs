namespace PouchMonitor.Formats;

/// <summary>The project's own column names and the Battery Data Format; also what a file is taken for that nothing else knows.</summary>
internal sealed class NormalisedFormat : ISeriesFormat
{
    public SeriesFormatInfo Info { get; } = new(
        "csv", "normalised columns (time_s, voltage_V, ...) or Battery Data Format, comma-separated", FormatProof.RealFiles);

    public bool Recognises(SeriesInput input) =>
        input.Start.IsText
        && input.Start.Lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } header
        && SeriesHeader.IsComplete(header);

    public IRowSource Open(SeriesInput input) => new NormalisedRows(input.Lines, input.Name, input.IsLenient);
}
