using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Neware's .ndax: a zip file with the samples (data.ndc), run information for some of them (data_runInfo.ndc), the steps
/// (data_step.ndc) and a file for each auxiliary channel. The second number of an auxiliary file's name is its kind of channel
/// less 100 (TestInfo.xml, ChlType): 3 is a temperature.
/// </summary>
internal sealed class NdaxFormat : ISeriesFormat
{
    private const string Data = "data.ndc";
    private const string Run = "data_runInfo.ndc";
    private const string Steps = "data_step.ndc";
    private const int MaximumSteps = 1_000_000;
    private const int TemperatureKind = 3;

    public SeriesFormatInfo Info { get; } = new("neware-ndax", "Neware BTS 8 binary (.ndax), ndc versions 14 and 17, and 11 and 16 by description only", FormatProof.RealFiles);

    /// <summary>True for a zip file that holds samples of Neware.</summary>
    public static bool IsOne(ZipArchive? archive) => archive?.GetEntry(Data) is not null;

    public bool Recognises(SeriesInput input) => IsOne(input.Archive);

    public IRowSource Open(SeriesInput input)
    {
        if (!Recognises(input))
        {
            throw new SeriesFileException($"{input.Name}: not an .ndax file: there is no {Data} in it");
        }

        if (input.Archive!.GetEntry(Run) is null || input.Archive.GetEntry(Steps) is null)
        {
            throw new SeriesFileException($"{input.Name}: an .ndax file without {Run} and {Steps} (ndc versions 2 and 5) is not read; a CSV export can be read instead");
        }

        Stream data = input.OpenEntry(Data);
        NdcLayout layout = NdcLayout.Read(data, NdcLayout.DataKind, Data);
        Stream run = input.OpenEntry(Run);
        NdcLayout runLayout = NdcLayout.Read(run, NdcLayout.RunKind, Run);
        return new NdaxRows(
            new NdcBlocks(data, 8, 495), layout,
            new NdcBlocks(run, runLayout.RunBytes, runLayout.RunsPerBlock), runLayout,
            ReadSteps(input), [.. Temperatures(input)], input);
    }

    private static List<(int Cycle, int Step)> ReadSteps(SeriesInput input)
    {
        using Stream stream = input.OpenEntry(Steps);
        NdcLayout layout = NdcLayout.Read(stream, NdcLayout.StepKind, Steps);
        using var blocks = new NdcBlocks(stream, layout.StepBytes, layout.StepsPerBlock);
        var steps = new List<(int Cycle, int Step)>();
        while (blocks.TryRead(out ReadOnlySpan<byte> record))
        {
            int step = BinaryPrimitives.ReadInt32LittleEndian(record[4..]);
            if (step == 0)
            {
                continue;
            }

            if (steps.Count == MaximumSteps)
            {
                throw new SeriesFileException(string.Create(CultureInfo.InvariantCulture, $"{input.Name}: more than {MaximumSteps} steps"));
            }

            steps.Add((BinaryPrimitives.ReadInt32LittleEndian(record) + 1, step));
        }

        return steps;
    }

    private static IEnumerable<(NdcBlocks Blocks, NdcLayout Layout)> Temperatures(SeriesInput input)
    {
        foreach (ZipArchiveEntry entry in input.Archive!.Entries.Where(IsTemperature).OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Take(Measurement.SampleColumns.Count - Measurement.SampleColumns.FirstExtraSurface + 1))
        {
            Stream stream = input.OpenEntry(entry.FullName);
            NdcLayout layout = NdcLayout.Read(stream, NdcLayout.AuxiliaryKind, entry.FullName);
            yield return (new NdcBlocks(stream, layout.AuxiliaryBytes, layout.AuxiliaryPerBlock), layout);
        }
    }

    // data_AUX_144_3_1.ndc, or data_1.ndc in versions that store both voltage and temperature.
    private static bool IsTemperature(ZipArchiveEntry entry)
    {
        string[] parts = Path.GetFileNameWithoutExtension(entry.Name).Split('_');
        return entry.Name.EndsWith(".ndc", StringComparison.Ordinal) && parts[0] == "data"
            && (parts.Length == 5 && parts[1] == "AUX"
                ? int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int kind) && kind == TemperatureKind
                : parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
