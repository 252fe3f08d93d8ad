using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Cli.Analyze;

/// <summary>
/// Tells a watch the moment of the event as a person gives it for a recorded series. It cannot be known more finely than the series is
/// sampled there, so its half width is the interval in which it lies.
/// </summary>
/// <param name="triggerS">The moment, seconds as in the file; null where none is given.</param>
internal sealed class GivenTrigger(double? triggerS)
{
    private const string Reason = "given on the command line";

    private long? firstMicroseconds;
    private long? lastMicroseconds;
    private double intervalS;
    private bool isTold;

    /// <summary>Looks at the time of the next sample before the watch takes that.</summary>
    public void Before(AbuseWatch watch, long timeMicroseconds)
    {
        if (lastMicroseconds is { } last && timeMicroseconds > last)
        {
            intervalS = (timeMicroseconds - last) / 1e6;
            if (triggerS is { } at && at <= timeMicroseconds / 1e6)
            {
                Tell(watch, at);
            }
        }

        firstMicroseconds ??= timeMicroseconds;
        lastMicroseconds = timeMicroseconds;
    }

    /// <summary>The series is over: tells a moment that lies at or after its last sample, and says where it lies outside.</summary>
    public string? Complete(AbuseWatch watch)
    {
        if (triggerS is not { } at)
        {
            return null;
        }

        Tell(watch, at);
        double firstS = (firstMicroseconds ?? 0) / 1e6;
        double lastS = (lastMicroseconds ?? 0) / 1e6;
        return at >= firstS && at <= lastS ? null
            : FormattableString.Invariant($"The trigger given on the command line, {at} s, lies outside the record of {firstS} s to {lastS} s.");
    }

    private void Tell(AbuseWatch watch, double at)
    {
        if (!isTold)
        {
            isTold = true;
            watch.Trigger(TriggerSource.Command, at, intervalS, Reason);
        }
    }
}
