using System.Globalization;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
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
        ("time2", ColumnRoles.SecondTime),
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

    /// <summary>True where a voltage is named.</summary>
    internal bool HasVoltage => Array.Exists(items, item => item.Role == SampleColumns.Voltage);

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

            bool isSecond = items.Exists(item => item.Role == ColumnRoles.SecondTime);
            if (isSecond && Roles[at].Role is SeriesHeader.Time or ColumnRoles.StepTime or ColumnRoles.Clock)
            {
                throw new FormatException($"{quantity}: stands behind time2, which is the time of what follows it");
            }

            items.Add(new Item(Roles[at].Name, Roles[at].Role, column, isDischarge, isSecond || Roles[at].Role == ColumnRoles.SecondTime));
        }

        if (items.Count > 0 && items[^1].Role == ColumnRoles.SecondTime)
        {
            throw new FormatException("time2: no quantity follows it; those that do are read by it");
        }

        return items.Exists(item => item.Role < SampleColumns.Count && item.Role is not (SampleColumns.Current or SampleColumns.Ambient))
            && items.Exists(item => item.Role is SeriesHeader.Time or ColumnRoles.StepTime or ColumnRoles.Clock)
            ? new ColumnMapping([.. items])
            : throw new FormatException("voltage and one of time, step-time and clock are needed; for an abuse test a temperature of the cell will do in place of the voltage");
    }

    /// <summary>How many of the columns a header has.</summary>
    internal int CountIn(string[] names) => items.Count(item => Find(names, item.Column, out _) >= 0);

    /// <summary>Makes the plan of a header.</summary>
    /// <exception cref="SeriesFileException">A column is not there, or nothing says its unit.</exception>
    internal ColumnPlan PlanOf(string[] names, string file) => PlanOf(names, file, isSecond: false);

    /// <summary>Makes the plan of the columns that have a second time; null where there is none.</summary>
    /// <exception cref="SeriesFileException">A column is not there, or nothing says its unit.</exception>
    internal ColumnPlan? SecondPlanOf(string[] names, string file) =>
        Array.Exists(items, item => item.IsOfSecondTime) ? PlanOf(names, file, isSecond: true) : null;

    private ColumnPlan PlanOf(string[] names, string file, bool isSecond)
    {
        var rules = new List<ColumnRule>();
        var notes = new List<string>();
        foreach (Item item in items.Where(item => item.IsOfSecondTime == isSecond))
        {
            int at = Find(names, item.Column, out string? unitText);
            if (at < 0)
            {
                throw new SeriesFileException($"{file}: {item.Quantity}: there is no column '{item.Column}'; found {SeriesHeader.Listed(names)}");
            }

            Dimension dimension = ColumnRoles.DimensionOf(item.Role);
            Unit unit = dimension == Dimension.None ? Unit.BaseOf(dimension) : UnitOf(item, names[at], unitText, dimension, file, notes);
            rules.Add(new ColumnRule(at, names[at], item.Role == ColumnRoles.SecondTime ? SeriesHeader.Time : item.Role, unit, HasUnit: true) { IsDischargePositive = item.IsDischargePositive });
        }

        return ColumnPlan.Of(names, rules, notes);
    }

    private static Unit UnitOf(Item item, string column, string? given, Dimension dimension, string file, List<string> notes)
    {
        ColumnName name = ColumnName.Parse(column);
        if (given is not null && Unit.TryParse(given, out Unit byUser) && byUser.Dimension == dimension)
        {
            if (name.Unit is { } own && own.Dimension == dimension && own != byUser)
            {
                notes.Add($"Column '{column}' is read in {given}, as --columns says, though its name says {name.UnitText}.");
            }

            return byUser;
        }

        if (given is null && name.Unit is { } byName && byName.Dimension == dimension)
        {
            return byName;
        }

        throw new SeriesFileException(given is null && name.UnitText.Length > 0
            ? $"{file}: {item.Quantity}: '{CellText.OneLine(name.UnitText, 20)}' in the name of column '{column}' is no unit of it; there are {Unit.NamesOf(dimension)}: convert the column, or write {item.Quantity}={column}/{Unit.NameOfBase(dimension)} only where its numbers are in {Unit.NameOfBase(dimension)} all the same"
            : $"{file}: {item.Quantity}: nothing says the unit of column '{column}'; write {item.Quantity}={column}/{Unit.NameOfBase(dimension)} or another unit");
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

    private sealed record Item(string Quantity, int Role, string Column, bool IsDischargePositive, bool IsOfSecondTime);
}
