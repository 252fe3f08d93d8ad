using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Alarms of frames that belong to no running test yet, because they cannot be stored: a cell must not run away in
/// silence only since the disk was full when it was put on its channel. They stand under a name of their own until a
/// test has taken the frames and judged them itself.
/// </summary>
internal sealed class UntestedAlarms(string node, string channel)
{
    // After a start alarms may be left that were raised before it.
    private bool mayBeOpen = true;

    /// <summary>Raises what is seen while no test runs, and lets go of it when a test has come as far.</summary>
    /// <param name="current">The newest test of the channel; null where there is none.</param>
    /// <param name="watch">What has been seen at arrival while no test ran; null where nothing was.</param>
    /// <param name="services">The gateway around.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    public void Reconcile(TestProgress? current, LiveWatch? watch, WorkerServices services, long nowMicroseconds)
    {
        if (watch is { HasNews: true })
        {
            watch.HasNews = false;
            mayBeOpen = true;
            string cell = services.Channel.CellOf(node, channel);
            services.Alarms.Reconcile(cell, Name, watch.After(current?.Run.LastMicroseconds ?? long.MinValue), testEnded: false, nowMicroseconds, node);
        }
        else if (mayBeOpen && current is { IsSettled: true, Run.LastMicroseconds: { } judged })
        {
            LetGo(current.Run.Record.Test, judged, current.Run.Ended, services.Alarms, nowMicroseconds);
        }
    }

    // No test can be called so: its name has a number after the sign.
    private string Name => $"{node}.{channel}@unstored";

    private void LetGo(string test, long judgedMicroseconds, bool hasEnded, AlarmBook alarms, long nowMicroseconds)
    {
        mayBeOpen = false;
        foreach (Alarm alarm in alarms.Open(Name).Where(alarm => alarm.IsActive))
        {
            if (judgedMicroseconds - (hasEnded ? 0 : LiveWatch.MarginMicroseconds) >= alarm.Finding.OnsetMicroseconds)
            {
                alarms.HandOver(Name, test, alarm.Rule, nowMicroseconds);
            }
            else
            {
                mayBeOpen = true;
            }
        }
    }
}
