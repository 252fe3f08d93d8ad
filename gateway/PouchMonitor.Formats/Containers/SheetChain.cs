using PouchMonitor.Formats.Tables;

namespace PouchMonitor.Formats.Containers;

/// <summary>The records of several sheets with the same header, one sheet after the other.</summary>
/// <param name="open">Opens each sheet anew, standing before its first row.</param>
/// <param name="header">The header that each of them has somewhere near its top.</param>
internal sealed class SheetChain(IReadOnlyList<Func<SheetRows>> open, string[] header) : ICellRows
{
    private int next;
    private SheetRows? current;

    public long LineNumber => current?.LineNumber ?? 0;

    public int Count => current?.Count ?? 0;

    public string Fault => current?.Fault ?? "";

    public TextDecoder Decoder { get; } = TextDecoder.For([]);

    public bool OmitsBlankCells => true;

    public bool TryRead()
    {
        while (true)
        {
            if (current?.TryRead() == true)
            {
                return true;
            }

            if (next == open.Count)
            {
                return false;
            }

            current?.Dispose();
            current = open[next++]();
            while (current.TryRead() && !current.Texts().SequenceEqual(header, StringComparer.Ordinal))
            {
                // Rows above the header.
            }
        }
    }

    public ReadOnlySpan<byte> Cell(int index) => current is null ? default : current.Cell(index);

    public string[] Texts() => current?.Texts() ?? [];

    public void Dispose() => current?.Dispose();
}
