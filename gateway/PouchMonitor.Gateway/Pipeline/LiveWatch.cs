using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// The limit rules on live frames at arrival: they must not wait for a missing frame, nor for the journal. What they find
/// is confirmed or withdrawn by the ordered analysis.
/// </summary>
internal sealed class LiveWatch : IFindingSink
{
    private const int MostFindings = 64;

    /// <summary>The ordered analysis may hold samples back before it believes them.</summary>
    public const long MarginMicroseconds = 10_000_000;
    private readonly Dictionary<string, Finding> findings = new(StringComparer.Ordinal);
    private readonly LiveLimits limits;
    private long lastMicroseconds = long.MinValue;
    private long capturedMicroseconds = long.MinValue;
    private readonly HashSet<string> captured = new(StringComparer.Ordinal);
    private bool isCapture;
    private Sample scratch;

    /// <summary>Begins with nothing known, as for a new test.</summary>
    public LiveWatch(CellProfile profile) => limits = new LiveLimits(profile, this);

    /// <summary>Goes on from where the ordered analysis stands.</summary>
    public LiveWatch(ChannelAnalysis analysis, long analysedMicroseconds)
    {
        limits = LiveLimits.From(analysis, this);
        lastMicroseconds = analysedMicroseconds;
    }

    /// <summary>True when a finding came or changed; reset by whoever brings the alarms in line.</summary>
    public bool HasNews { get; set; }

    /// <summary>True when the ordered analysis has judged everything that was watched.</summary>
    public bool IsJudgedBy(long analysedMicroseconds) => analysedMicroseconds - MarginMicroseconds >= Math.Max(lastMicroseconds, capturedMicroseconds);

    public void Take(SampleFrame frame, long bootStartMicroseconds)
    {
        for (int at = 0; at < frame.Count; at++)
        {
            long time = bootStartMicroseconds + frame.UptimeMicroseconds[at];
            if (time > lastMicroseconds)
            {
                lastMicroseconds = time;
                FrameSamples.Read(frame, at, bootStartMicroseconds, ref scratch);
                limits.Add(in scratch);
            }
        }
    }

    /// <summary>
    /// Judges a fast burst by itself: it shows again, and closer, what the samples have shown already, so it begins with
    /// nothing known and moves no clock. The ordered analysis never sees a burst, so what this one finds stands until that
    /// has gone on past its end, whatever the onset.
    /// </summary>
    public void TakeCapture(SampleFrame frame, long bootStartMicroseconds, CellProfile profile)
    {
        LiveLimits burst = new(profile, this);
        capturedMicroseconds = Math.Max(capturedMicroseconds, bootStartMicroseconds + frame.UptimeMicroseconds[frame.Count - 1]);
        isCapture = true;
        for (int at = 0; at < frame.Count; at++)
        {
            FrameSamples.Read(frame, at, bootStartMicroseconds, ref scratch);
            burst.Add(in scratch);
        }

        burst.Complete();
        isCapture = false;
    }

    /// <summary>Findings that the ordered analysis has not had time to judge; earlier ones are forgotten.</summary>
    public IReadOnlyList<Finding> After(long analysedMicroseconds)
    {
        long judged = analysedMicroseconds == long.MinValue ? long.MinValue : analysedMicroseconds - MarginMicroseconds;
        foreach (Finding finding in findings.Values.Where(f => JudgedWith(f) <= judged).ToList())
        {
            findings.Remove(finding.Id);
            captured.Remove(finding.Id);
        }

        return [.. findings.Values];
    }

    private long JudgedWith(Finding finding) =>
        captured.Contains(finding.Id) ? Math.Max(finding.OnsetMicroseconds, capturedMicroseconds) : finding.OnsetMicroseconds;

    void IFindingSink.OnFinding(Finding finding)
    {
        if (findings.Count >= MostFindings && !findings.ContainsKey(finding.Id))
        {
            // The least of them makes room: what is over first, then the mildest, then the oldest.
            Finding least = findings.Values.OrderBy(f => f.ClearedMicroseconds is null).ThenBy(f => f.Severity)
                .ThenBy(f => f.OnsetMicroseconds).First();
            findings.Remove(least.Id);
            captured.Remove(least.Id);
        }

        if (isCapture)
        {
            captured.Add(finding.Id);
        }

        findings[finding.Id] = finding;
        HasNews = true;
    }
}
