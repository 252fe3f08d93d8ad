namespace PouchMonitor.Formats.Columns;

/// <summary>How the cells of one column are read.</summary>
/// <param name="Index">Place in the row, from 0.</param>
/// <param name="Name">As written.</param>
/// <param name="Role">A sample's column, or a role of <see cref="SeriesHeader"/> or <see cref="ColumnRoles"/>.</param>
/// <param name="Unit">Of its numbers.</param>
/// <param name="HasUnit">True where the file, not a usage, gave the unit.</param>
internal sealed record ColumnRule(int Index, string Name, int Role, Unit Unit, bool HasUnit)
{
    /// <summary>True where positive means discharge.</summary>
    public bool IsDischargePositive { get; init; }
}
