namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>One abuse test with all that its report shows.</summary>
/// <param name="Record">The test; what it does not hold is shown as absent.</param>
/// <param name="Traces">Recorded quantities for the plots, full rate around the trigger.</param>
/// <param name="Images">Infrared images in the order of time; some of them are drawn.</param>
/// <param name="AttachmentBytes">Content of an attachment; null where it is not at hand, which the report says.</param>
public sealed record AbuseReportInput(
    AbuseRecord Record, IReadOnlyList<AbuseTrace> Traces, IReadOnlyList<AbuseImage> Images, Func<AbuseAttachment, byte[]?> AttachmentBytes);
