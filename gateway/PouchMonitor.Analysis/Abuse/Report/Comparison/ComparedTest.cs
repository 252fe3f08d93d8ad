using System.Globalization;
using PouchMonitor.Analysis.Abuse.Report.Plots;

namespace PouchMonitor.Analysis.Abuse.Report.Comparison;

/// <summary>One of several tests side by side: its view, plots, colour and a name that none of the others has.</summary>
internal sealed record ComparedTest(AbuseView View, AbusePlots Plots, string Name, int Color)
{
    private static readonly int[] Colors = [4, 1, 2, 3, 7, 5, 6, 8];

    /// <summary>Most tests whose curves can be told apart.</summary>
    public static int MostDrawn => Colors.Length;

    public static IReadOnlyList<ComparedTest> Of(IReadOnlyList<AbuseReportInput> inputs)
    {
        AbuseView[] views = [.. inputs.Select(input => new AbuseView(input))];
        return [.. views.Select((view, at) => new ComparedTest(view, new AbusePlots(view), NameOf(views, at), Colors[at % Colors.Length]))];
    }

    private static string NameOf(AbuseView[] views, int at)
    {
        AbuseRecord record = views[at].Record;
        bool IsShared(Func<AbuseRecord, string> name) => views.Count(view => name(view.Record) == name(record)) > 1;
        return !IsShared(one => one.Cell) ? record.Cell
            : !IsShared(one => one.Cell + one.Id) ? $"{record.Cell} ({record.Id})"
            : string.Create(CultureInfo.InvariantCulture, $"{record.Cell} ({record.Id}, {at + 1})");
    }
}
