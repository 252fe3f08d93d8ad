namespace PouchMonitor.Formats.Containers;

/// <summary>One sheet of a workbook.</summary>
/// <param name="Name">As people see it.</param>
/// <param name="Entry">Its file within the workbook.</param>
internal sealed record WorkbookSheet(string Name, string Entry);
