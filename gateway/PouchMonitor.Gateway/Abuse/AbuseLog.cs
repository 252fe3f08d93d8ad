using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>The log of a test: every act and every change of the figures, bounded.</summary>
internal static class AbuseLog
{
    /// <summary>Most lines; beyond it a line about a check makes room, or else the oldest after the first hundred.</summary>
    public const int MostLines = 2000;

    public const string State = "state";
    public const string Check = "check";
    public const string Note = "note";
    public const string Deviation = "deviation";
    public const string Stop = "stop";
    public const string Node = "node";
    public const string Data = "data";
    public const string Figure = "figure";
    public const string Withdrawal = "withdrawal";

    // How it began is worth more than the middle of a long watch.
    private const int KeptFromTheBeginning = 100;

    /// <summary>The record with a line more.</summary>
    public static AbuseRecord With(this AbuseRecord record, double at, string kind, string text, string? person = null)
    {
        List<AbuseLogEntry> lines = [.. record.Log];
        int dropped = record.LogDropped;
        if (lines.Count >= MostLines)
        {
            int least = lines.FindIndex(KeptFromTheBeginning, line => line.Kind == Check);
            lines.RemoveAt(least >= 0 ? least : KeptFromTheBeginning);
            dropped++;
        }

        lines.Add(new AbuseLogEntry(at, kind, text, person));
        return record with { Log = lines, LogDropped = dropped };
    }

    /// <summary>
    /// The same, unless the log says it already: figures made anew find again what they had found before. What it said of an event that
    /// was taken back is not said of the next.
    /// </summary>
    public static AbuseRecord WithOnce(this AbuseRecord record, double at, string kind, string text) =>
        record.Log.Reverse().TakeWhile(line => line.Kind != Withdrawal).Any(line => line.Kind == kind && line.Text == text) ? record : record.With(at, kind, text);
}
