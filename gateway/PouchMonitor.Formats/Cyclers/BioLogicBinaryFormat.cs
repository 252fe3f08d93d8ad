using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>BioLogic's binary files (.mpr): a chain of modules, of which the data module holds the records.</summary>
internal sealed class BioLogicBinaryFormat : ISeriesFormat
{
    private const string DataModule = "VMP data";

    public SeriesFormatInfo Info { get; } = new(
        "biologic-mpr", "BioLogic EC-Lab binary (.mpr): data modules of version 2, and of 0 and 3 by description only", FormatProof.RealFiles);

    public bool Recognises(SeriesInput input) => input.Start.StartsWith(BioLogicModule.Magic);

    public IRowSource Open(SeriesInput input)
    {
        Stream stream = input.OpenForward();
        if (!Recognises(input))
        {
            throw new SeriesFileException($"{input.Name}: does not begin as a .mpr file does");
        }

        BioLogicModule.Skip(stream, BioLogicModule.MagicBytes);
        while (BioLogicModule.Read(stream) is { } module)
        {
            if (string.Equals(module.Name, DataModule, StringComparison.Ordinal))
            {
                var rows = new BioLogicRows(stream, BioLogicLayout.Read(stream, module), input);
                return rows.HasColumn(SampleColumns.Voltage) && rows.HasTime
                    ? rows
                    : throw new SeriesFileException($"{input.Name}: records have no time or no voltage; columns: {string.Join(", ", rows.Columns)}");
            }

            BioLogicModule.Skip(stream, module.Length);
        }

        throw new SeriesFileException($"{input.Name}: there is no data module ({DataModule})");
    }
}
