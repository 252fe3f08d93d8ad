using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Formats.Tables;

/// <summary>A row of units below the header, which many programs write, is no record and no bad row.</summary>
internal static class UnitsRow
{
    /// <summary>True where each column that is read holds a unit of its quantity or nothing, and one of them a unit.</summary>
    public static bool Is(ICellRows cells, ColumnPlan plan)
    {
        bool any = false;
        foreach (ColumnRule rule in plan.Rules)
        {
            string text = cells.Decoder.Decode(cells.Cell(rule.Index)).Trim('(', ')', '[', ']', ' ');
            bool isUnit = Unit.TryParse(text, out Unit unit) && unit.Dimension == ColumnRoles.DimensionOf(rule.Role) && unit.Dimension != Dimension.None;
            if (!isUnit && text is not ("" or "-"))
            {
                return false;
            }

            any |= isUnit;
        }

        return any && cells.Fault.Length == 0;
    }

    /// <summary>Sentences where it gives another unit than that by which a column is read.</summary>
    public static IEnumerable<string> Notes(ICellRows cells, ColumnPlan plan)
    {
        foreach (ColumnRule rule in plan.Rules)
        {
            string text = cells.Decoder.Decode(cells.Cell(rule.Index)).Trim('(', ')', '[', ']', ' ');
            if (Unit.TryParse(text, out Unit unit) && unit.Dimension == ColumnRoles.DimensionOf(rule.Role) && unit != rule.Unit)
            {
                yield return $"The row of units below the header gives {text} for column '{rule.Name}', which is read in another unit, as its name or --columns says.";
            }
        }
    }
}
