using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Columns;

/// <summary>Which columns of a header are read, and how; worked out once a file.</summary>
internal sealed class ColumnPlan
{
    private ColumnPlan(string[] names, ColumnRule[] rules)
    {
        Names = names;
        Rules = rules;
    }

    /// <summary>What was taken for granted, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Temperatures that are not read, but watched for whether they are hotter than those that are.</summary>
    public ColumnRule[] Unkept { get; private init; } = [];

    /// <summary>True where those are not read because a sample has no place for more.</summary>
    public bool LacksPlaces { get; private init; }

    /// <summary>All names as written.</summary>
    public string[] Names { get; }

    /// <summary>The columns that are read, in the order of the row.</summary>
    public ColumnRule[] Rules { get; }

    public bool HasRole(int role) => Array.Exists(Rules, rule => rule.Role == role);

    public ColumnRule? Of(int role) => Array.Find(Rules, rule => rule.Role == role);

    /// <summary>True with a voltage and some time.</summary>
    public bool IsComplete => HasRole(SampleColumns.Voltage)
        && (HasRole(SeriesHeader.Time) || HasRole(ColumnRoles.StepTime) || HasRole(ColumnRoles.Clock));

    /// <summary>Builds a plan from rules that the caller made.</summary>
    public static ColumnPlan Of(string[] names, IEnumerable<ColumnRule> rules, IEnumerable<string>? notes = null) =>
        new(names, [.. rules.OrderBy(rule => rule.Index)]) { Notes = [.. notes ?? []] };

    /// <summary>The same with further notes.</summary>
    public ColumnPlan With(IEnumerable<string> notes) => new(Names, Rules) { Notes = [.. Notes, .. notes], Unkept = Unkept, LacksPlaces = LacksPlaces };

    /// <summary>The same, with an eye on all columns that are not read and whose name says that they are temperatures.</summary>
    public ColumnPlan WatchingOthers() => new(Names, Rules)
    {
        Notes = Notes,
        Unkept =
        [
            .. Names.Select((name, i) => (Index: i, Name: name, ColumnName.Parse(name).Unit))
                .Where(column => column.Unit is { Dimension: Dimension.Temperature } && !Array.Exists(Rules, rule => rule.Index == column.Index))
                .Select(column => new ColumnRule(column.Index, column.Name, SampleColumns.Surface, column.Unit!.Value, HasUnit: true)),
        ],
    };

    /// <summary>
    /// Maps names by a dictionary. Where several columns could be the same quantity the better name is taken, then the first;
    /// further temperatures become further contact sensors. A unit that does not fit its quantity leaves the column unread,
    /// except that charge and energy counters follow their unit.
    /// </summary>
    public static ColumnPlan Map(string[] names, IReadOnlyList<ColumnEntry> dictionary)
    {
        var best = new Dictionary<int, (int Rank, ColumnRule Rule)>();
        var unkept = new List<ColumnRule>();
        int extra = SampleColumns.FirstExtraSurface;
        for (int i = 0; i < names.Length; i++)
        {
            ColumnName name = ColumnName.Parse(names[i]);
            foreach (ColumnEntry entry in dictionary)
            {
                int rank = entry.RankOf(name.Key);
                if (rank < 0 || !TryFit(entry.Role, name.Unit, out int role, out Unit unit))
                {
                    continue;
                }

                var rule = new ColumnRule(i, names[i].Trim(), role, unit, name.Unit is not null);
                if (!best.TryGetValue(role, out (int Rank, ColumnRule Rule) taken))
                {
                    best[role] = (rank, rule);
                }
                else if (role == SampleColumns.Surface && extra < SampleColumns.Count)
                {
                    best[extra] = (rank, rule with { Role = extra });
                    extra++;
                }
                else if (role == SampleColumns.Surface)
                {
                    unkept.Add(rule);
                }
                else if (rank < taken.Rank)
                {
                    best[role] = (rank, rule);
                }

                break;
            }
        }

        ColumnRule[] rules = [.. best.Values.Select(found => found.Rule)];
        return new ColumnPlan(names, [.. rules.OrderBy(rule => rule.Index)])
        {
            Unkept = [.. unkept],
            LacksPlaces = true,
            Notes = [.. rules.Where(rule => !rule.HasUnit && UnitTextOf(rule).Length > 0).Select(rule =>
            $"'{UnitTextOf(rule)}' in the name of column '{rule.Name}' is no unit that is known; its numbers are taken for {Unit.NameOfBase(ColumnRoles.DimensionOf(rule.Role))}.")],
        };
    }

    private static string UnitTextOf(ColumnRule rule) =>
        ColumnRoles.DimensionOf(rule.Role) == Dimension.None ? "" : Tables.CellText.OneLine(ColumnName.Parse(rule.Name).UnitText, 20);

    private static bool TryFit(int entryRole, Unit? given, out int role, out Unit unit)
    {
        role = entryRole;
        Dimension dimension = ColumnRoles.DimensionOf(role);
        unit = given ?? Unit.BaseOf(dimension);
        if (dimension == Dimension.Charge && unit.Dimension == Dimension.Energy)
        {
            role = role switch
            {
                SeriesHeader.ChargeCapacity => SeriesHeader.ChargeEnergy,
                SeriesHeader.DischargeCapacity => SeriesHeader.DischargeEnergy,
                _ => SeriesHeader.Energy,
            };
            return true;
        }

        return dimension == Dimension.None || (unit.Dimension == dimension && (role >= SampleColumns.Count || unit.FitsSample));
    }
}
