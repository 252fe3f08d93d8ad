using System.Globalization;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Columns of a table as its user names them, for files that no format here knows:
/// <c>time=Test Time/s,voltage=U/mV,current=I/mA:discharge-positive,surface=T1/C</c>. A name may be followed by a slash and
/// the unit of its numbers; a name that carries its unit itself is given as it stands in the file.
/// </summary>
public sealed class ColumnMapping
{
    private const string DischargePositive = "discharge-positive";
    private const string ChargePositive = "charge-positive";
    private static readonly (string Name, int Role)[] Roles =
    [
        ("time", SeriesHeader.Time), ("step-time", ColumnRoles.StepTime), ("clock", ColumnRoles.Clock), ("state", ColumnRoles.State),
        ("voltage", SampleColumns.Voltage), ("current", SampleColumns.Current), ("surface", SampleColumns.Surface),
        .. Enumerable.Range(0, SampleColumns.Count - SampleColumns.FirstExtraSurface)
            .Select(i => (string.Create(CultureInfo.InvariantCulture, $"surface{i + 2}"), SampleColumns.FirstExtraSurface + i)),
        ("force", SeriesHeader.Force), ("displacement", SeriesHeader.Displacement),
        ("infrared", SampleColumns.Infrared), ("ambient", SampleColumns.Ambient),
        ("cycle", SeriesHeader.Cycle), ("step", SeriesHeader.Step),
        ("charge", SeriesHeader.ChargeCapacity), ("discharge", SeriesHeader.DischargeCapacity), ("capacity", SeriesHeader.Capacity), ("net", SeriesHeader.NetCapacity),
        ("charge-energy", SeriesHeader.ChargeEnergy), ("discharge-energy", SeriesHeader.DischargeEnergy), ("energy", SeriesHeader.Energy),
    ];

    private readonly Item[] items;

    private ColumnMapping(Item[] items) => this.items = items;

    /// <summary>Quantities that may be named.</summary>
    public static IReadOnlyList<string> Quantities { get; } = [.. Roles.Select(role => role.Name)];

    /// <summary>True where the step's state is named, which then gives the current's sign.</summary>
    internal bool HasState => Array.Exists(items, item => item.Role == ColumnRoles.State);

    /// <summary>Reads a mapping as the command line gives it.</summary>
    /// <exception cref="FormatException">It is not one; the message says what is wrong.</exception>
    public static ColumnMapping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var items = new List<Item>();
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string quantity = equals < 0 ? part.Trim() : part[..equals].Trim();
            int at = Array.FindIndex(Roles, role => string.Equals(role.Name, quantity, StringComparison.OrdinalIgnoreCase));
            if (at < 0 || equals == part.Length - 1)
            {
                throw new FormatException(at < 0
                    ? $"there is no quantity '{quantity}'; there are {string.Join(", ", Quantities)}"
                    : $"{quantity}: no column is named");
            }

            string column = equals < 0 ? "" : part[(equals + 1)..].Trim();
            bool isDischarge = TrimEnd(ref column, ":" + DischargePositive);
            bool isCharge = TrimEnd(ref column, ":" + ChargePositive);
            if (column.Length == 0)
            {
                throw new FormatException($"{quantity}: no column is named");
            }

            if ((isDischarge || isCharge) && Roles[at].Role != SampleColumns.Current)
            {
                throw new FormatException($"{quantity}: only the current has a direction");
            }

            if (items.Exists(item => item.Role == Roles[at].Role))
            {
                throw new FormatException($"{quantity} is named twice");
            }

            items.Add(new Item(Roles[at].Name, Roles[at].Role, column, isDischarge));
        }

        return items.Exists(item => item.Role == SampleColumns.Voltage)
            && items.Exists(item => item.Role is SeriesHeader.Time or ColumnRoles.StepTime or ColumnRoles.Clock)
            ? new ColumnMapping([.. items])
            : throw new FormatException("voltage and one of time, step-time and clock are needed");
    }

    /// <summary>How many of the columns a header has.</summary>
    internal int CountIn(string[] names) => items.Count(item => Find(names, item.Column, out _) >= 0);

    /// <summary>Makes the plan of a header.</summary>
    /// <exception cref="SeriesFileException">A column is not there, or nothing says its unit.</exception>
    internal ColumnPlan PlanOf(string[] names, string file)
    {
        var rules = new List<ColumnRule>();
        foreach (Item item in items)
        {
            int at = Find(names, item.Column, out string? unitText);
            if (at < 0)
            {
                throw new SeriesFileException($"{file}: {item.Quantity}: there is no column '{item.Column}'; found {SeriesHeader.Listed(names)}");
            }

            Dimension dimension = ColumnRoles.DimensionOf(item.Role);
            Unit? unit = unitText is null ? ColumnName.Parse(names[at]).Unit : Unit.TryParse(unitText, out Unit given) ? given : null;
            if (dimension == Dimension.None)
            {
                unit = Unit.BaseOf(dimension);
            }

            if (unit is not { } known || known.Dimension != dimension)
            {
                throw new SeriesFileException(
                    $"{file}: {item.Quantity}: nothing says the unit of column '{names[at]}'; write {item.Quantity}={names[at]}/{ExampleOf(dimension)} or another unit");
            }

            rules.Add(new ColumnRule(at, names[at], item.Role, known, HasUnit: true) { IsDischargePositive = item.IsDischargePositive });
        }

        return ColumnPlan.Of(names, rules);
    }

    private static int Find(string[] names, string column, out string? unit)
    {
        unit = null;
        int whole = Array.FindIndex(names, name => Same(name, column));
        int slash = column.LastIndexOf('/');
        if (whole >= 0 || slash <= 0)
        {
            return whole;
        }

        unit = column[(slash + 1)..];
        return Array.FindIndex(names, name => Same(name, column[..slash]));
    }

    private static bool Same(string name, string wanted) => string.Equals(name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool TrimEnd(ref string text, string ending)
    {
        bool found = text.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        text = found ? text[..^ending.Length].Trim() : text;
        return found;
    }

    private static string ExampleOf(Dimension dimension) => dimension switch
    {
        Dimension.Time => "s",
        Dimension.Voltage => "V",
        Dimension.Current => "A",
        Dimension.Charge => "Ah",
        Dimension.Energy => "Wh",
        Dimension.Force => "N",
        Dimension.Length => "mm",
        _ => "C",
    };

    private sealed record Item(string Quantity, int Role, string Column, bool IsDischargePositive);
}
