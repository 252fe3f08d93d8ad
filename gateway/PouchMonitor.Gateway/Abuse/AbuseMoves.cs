using System.Globalization;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// How a test goes from one state to the next. Each move gives the record as it is afterwards, or refuses with a sentence that names
/// the test, its state and what is asked instead; nothing here knows a clock, a store or a node. Times are Unix seconds.
/// </summary>
internal static class AbuseMoves
{
    /// <summary>How close the moment of a command lies to what the person saw, s: reaction, and clocks within a second of each other.</summary>
    public const double CommandUncertaintyS = 1;

    /// <summary>An acknowledgement that people are clear counts for this long, s.</summary>
    public const double ClearForS = 900;

    private const int MostMoments = 32;

    /// <summary>Who takes back more than this has a rig to mend, not a test to run.</summary>
    private const int MostWithdrawals = 16;

    /// <summary>True while it has neither ended nor been cancelled.</summary>
    public static bool IsOpen(this AbuseRecord record) =>
        record.State is AbuseState.Preparing or AbuseState.Armed or AbuseState.Triggered or AbuseState.Observing;

    /// <summary>True from arming until the end: the node samples fast, and what happens counts.</summary>
    public static bool IsWatched(this AbuseRecord record) => record.State is AbuseState.Armed or AbuseState.Triggered or AbuseState.Observing;

    /// <summary>From when on what happens counts, s: the arming, or the last trigger that was taken back; null before arming.</summary>
    public static double? CountsFrom(this AbuseRecord record) => record.Withdrawals.Count == 0 ? record.ArmedAt : record.Withdrawals[^1].At;

    public static AbuseRecord Arm(AbuseRecord record, string person, double now, string? note)
    {
        Require(record, "armed", AbuseState.Preparing);
        AbuseCheck[] missing = [.. record.Checks.Where(check => check.State != CheckState.Good)];
        if (missing.Length > 0)
        {
            throw SetupRefusal.Conflict($"{record.Id} cannot be armed: {string.Join("; ", missing.Select(Describe))}.");
        }

        if (record.Checks.FirstOrDefault(check => check.Id == AbuseChecks.PeopleClear) is { At: { } at } && now - at > ClearForS)
        {
            throw SetupRefusal.Conflict(string.Create(CultureInfo.InvariantCulture,
                $"{record.Id} cannot be armed: that people are clear was acknowledged {(now - at) / 60:F0} minutes ago, {ClearForS / 60:F0} are the most; look and acknowledge it again."));
        }

        return (record with { State = AbuseState.Armed, ArmedAt = now, ArmedBy = person }).With(now, AbuseLog.State, Text("Armed", note), person);
    }

    /// <summary>Somebody or the node tells the moment of the event.</summary>
    public static AbuseRecord Tell(AbuseRecord record, AbuseMoment moment, double now, string? person)
    {
        Require(record, "triggered", AbuseState.Armed, AbuseState.Triggered, AbuseState.Observing);
        if (record.Moments.Count >= MostMoments)
        {
            throw SetupRefusal.Conflict($"{record.Id} has been told {record.Moments.Count} moments of the event, {MostMoments} are the most.");
        }

        return (record with { Moments = [.. record.Moments, moment] }).With(now, AbuseLog.State, moment.Reason, person);
    }

    /// <summary>The figures say that the event has begun.</summary>
    public static AbuseRecord Begin(AbuseRecord record, AbuseTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        bool isWatchedAtOnce = record.Plan.Observation.Start == ObservationStart.Trigger;
        AbuseRecord begun = (record with { State = AbuseState.Triggered, TriggeredAt = trigger.At })
            .With(trigger.At, AbuseLog.State, $"The event has begun ({trigger.Source.ToString().ToLowerInvariant()}): {trigger.Reason}");
        return isWatchedAtOnce ? Observe(begun, trigger.At) : begun;
    }

    /// <summary>Later or better knowledge has moved the moment of the event.</summary>
    public static AbuseRecord Correct(AbuseRecord record, AbuseTrigger trigger, double now)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        bool isWatchedFromIt = record.Plan.Observation.Start == ObservationStart.Trigger;
        return (record with { TriggeredAt = trigger.At, ObservingAt = isWatchedFromIt ? trigger.At : record.ObservingAt }).With(now, AbuseLog.State,
            string.Create(CultureInfo.InvariantCulture, $"The moment of the event has moved by {trigger.At - record.TriggeredAt!.Value:+0.000;-0.000} s: {trigger.Reason}"));
    }

    /// <summary>
    /// The event that was told or found did not take place. The test is armed again, and says so for good. A thermal runaway is never
    /// taken back: what looked like one is for those to judge who read the report.
    /// </summary>
    public static AbuseRecord Withdraw(AbuseRecord record, string person, double now, AbuseFigures? figures, string? note)
    {
        Require(record, "taken back", AbuseState.Triggered, AbuseState.Observing);
        if (string.IsNullOrWhiteSpace(note))
        {
            throw SetupRefusal.Bad("'note' must say why the event is taken back.");
        }

        if (figures?.Values.Any(value => value is { Id: "timeToRunawayS", Value: not null }) == true)
        {
            throw SetupRefusal.Conflict($"{record.Id} met thermal runaway; that is not taken back. End the test, write down what you know of it, and make a new one.");
        }

        if (record.Withdrawals.Count >= MostWithdrawals)
        {
            throw SetupRefusal.Conflict($"{record.Id} has had {record.Withdrawals.Count} triggers taken back, {MostWithdrawals} are the most. End the test, mend the rig, and make a new one.");
        }

        AbuseTrigger trigger = figures?.Trigger ?? new AbuseTrigger(TriggerSource.Command, record.TriggeredAt!.Value, CommandUncertaintyS, "the figures were not made yet");
        string what = string.Create(CultureInfo.InvariantCulture,
            $"The event ({trigger.Source.ToString().ToLowerInvariant()}: {trigger.Reason}) was taken back {now - trigger.At:F0} s later: {note}");
        AbuseRecord armed = (record with
        {
            State = AbuseState.Armed,
            TriggeredAt = null,
            ExposureEndedAt = null,
            ObservingAt = null,
            Moments = [],
            Withdrawals = [.. record.Withdrawals, new AbuseWithdrawal(now, person, note, trigger, record.Moments)],
        }).With(now, AbuseLog.Withdrawal, what, person);
        return AbuseNotes.Deviate(armed, $"{what} ({person})");
    }

    public static AbuseRecord EndExposure(AbuseRecord record, string person, double now, string? note)
    {
        Require(record, "told that the exposure has ended", AbuseState.Triggered, AbuseState.Observing);
        if (record.Plan.Observation.Start != ObservationStart.EndOfExposure)
        {
            throw SetupRefusal.Conflict($"{record.Id} is watched from the trigger on; its plan '{record.Plan.Name}' knows no end of an exposure.");
        }

        if (record.ExposureEndedAt is { } ended)
        {
            throw SetupRefusal.Conflict(string.Create(CultureInfo.InvariantCulture,
                $"{record.Id}: the exposure has ended {now - ended:F0} s ago already; write a note where that was wrong."));
        }

        return Observe((record with { ExposureEndedAt = now }).With(now, AbuseLog.State, Text("The exposure has ended", note), person), now);
    }

    public static AbuseRecord End(AbuseRecord record, string person, double now, AbuseFigures? figures, string? note)
    {
        if (record.State is AbuseState.Preparing or AbuseState.Armed)
        {
            throw SetupRefusal.Conflict($"{record.Id} is {Name(record.State)} and was never triggered; cancel it instead.");
        }

        Require(record, "ended", AbuseState.Triggered, AbuseState.Observing);
        AbuseRecord ended = (record with { State = AbuseState.Ended, EndedAt = now, EndedBy = person, Figures = figures })
            .With(now, AbuseLog.State, Text("Ended", note), person);

        // Why it was not watched for as long as its plan asks is part of the result. A full list never keeps a test from being ended.
        return string.IsNullOrEmpty(note) || figures?.Observation.CompleteAt is not null || record.Deviations.Count >= AbuseNotes.MostDeviations
            ? ended : AbuseNotes.Deviate(ended, $"Ended before the observation was over: {note}");
    }

    public static AbuseRecord Cancel(AbuseRecord record, string person, double now, string? note)
    {
        if (record.State is AbuseState.Triggered or AbuseState.Observing)
        {
            throw SetupRefusal.Conflict($"{record.Id} is {Name(record.State)}: the event has begun and stays on record; end it instead.");
        }

        Require(record, "cancelled", AbuseState.Preparing, AbuseState.Armed);
        return (record with { State = AbuseState.Cancelled, EndedAt = now, EndedBy = person }).With(now, AbuseLog.State, Text("Cancelled", note), person);
    }

    /// <summary>Refuses what would change a test that is signed or was cancelled.</summary>
    public static void RequireChangeable(AbuseRecord record)
    {
        if (record.State is AbuseState.Signed or AbuseState.Cancelled)
        {
            throw SetupRefusal.Conflict($"{record.Id} is {Name(record.State)}; nothing of it can be changed any more.");
        }
    }

    public static void Require(AbuseRecord record, string what, params ReadOnlySpan<AbuseState> states)
    {
        if (!states.Contains(record.State))
        {
            throw SetupRefusal.Conflict($"{record.Id} is {Name(record.State)} and cannot be {what} now; it would have to be {string.Join(" or ", states.ToArray().Select(Name))}.");
        }
    }

    public static string Name(AbuseState state) => state.ToString().ToLowerInvariant();

    private static AbuseRecord Observe(AbuseRecord record, double at) =>
        (record with { State = AbuseState.Observing, ObservingAt = at }).With(at, AbuseLog.State, "The observation has begun");

    private static string Describe(AbuseCheck check) => check.State == CheckState.Open
        ? $"'{check.Text}' is open" : $"'{check.Text}' is bad{(check.Detail is { } detail ? $" ({detail})" : "")}";

    private static string Text(string what, string? note) => string.IsNullOrEmpty(note) ? what : $"{what}: {note}";
}
