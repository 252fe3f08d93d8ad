using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What the list before arming is made from, all of one moment.</summary>
/// <param name="Node">The node as its status tells; null where it never told one.</param>
/// <param name="Sample">The newest sample; null where none has come since the test was made.</param>
/// <param name="SampleAgeS">How long ago it arrived, s.</param>
/// <param name="RateHz">Samples a second over the last ones; null before there are enough.</param>
/// <param name="IsAnchored">True where the node knew the time when it took the newest sample.</param>
/// <param name="ClockOffsetS">Arrival less the time of the newest sample, the least of the last frames, s.</param>
/// <param name="FreeBytes">Room on the gateway's disk; null where it does not tell.</param>
/// <param name="StorageProblem">Why nothing can be stored; null while it can.</param>
internal sealed record AbuseSight(
    NodeInfo? Node, Sample? Sample, double SampleAgeS, double? RateHz, bool IsAnchored, double? ClockOffsetS, long? FreeBytes, string? StorageProblem);

/// <summary>
/// The list before arming: what the monitor sees by itself, looked at anew each second and on after arming, and what a person
/// acknowledges by name.
/// </summary>
internal static class AbuseChecks
{
    public const string Sensors = "sensors";
    public const string FastRate = "fast-rate";
    public const string Storage = "storage";
    public const string Clock = "clock";
    public const string Relay = "relay";
    public const string TriggerInput = "trigger-input";
    public const string PeopleClear = "people-clear";

    /// <summary>Most that contact and infrared temperature may differ at rest, K: an uncertain emissivity and a contact's error together.</summary>
    public const double AgreementBandK = 3;

    /// <summary>Least rate that counts as fast, Hz; the node takes 50.</summary>
    public const double LeastRateHz = 40;

    /// <summary>Most that the node's clock may differ from the gateway's, s.</summary>
    public const double MostClockOffsetS = 1;

    /// <summary>A newest sample older than this says nothing any more, s.</summary>
    public const double MostAgeS = 3;

    private const string AcceptedWord = "; accepted: ";
    private static readonly Regex Figure = new(@"\d+(\.\d+)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // Frames at 50 Hz with ten columns, and images four times a second, with room for the journal's own files.
    private const double BytesPerSecond = 4096;
    private const long ReserveBytes = 200 * 1024 * 1024;
    private const double UsualHours = 1;

    /// <summary>The list of a new test.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="hasTriggerInput">True where its node has a trigger input.</param>
    public static IReadOnlyList<AbuseCheck> Of(AbusePlan plan, bool hasTriggerInput = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            New(Sensors, string.Create(CultureInfo.InvariantCulture, $"Sensors are good, contact and infrared agree within {AgreementBandK} K, ambient is read"), isByPerson: false),
            New(FastRate, "The node samples this channel at the fast rate", isByPerson: false),
            New(Storage, "There is room for the whole observation", isByPerson: false),
            New(Clock, string.Create(CultureInfo.InvariantCulture, $"The node's clock is known and within {MostClockOffsetS} s of the gateway's"), isByPerson: false),
            New(Relay, plan.ProtectionKind is { } kind ? $"The relay is ready to be armed for '{kind}'" : "The relay has not tripped", isByPerson: false),
            .. hasTriggerInput ? [New(TriggerInput, "The node listens to its trigger input", isByPerson: false)] : (AbuseCheck[])[],
            New(PeopleClear, "People are clear of the cell", isByPerson: true),
            .. plan.PersonChecks.Select((text, at) => New(string.Create(CultureInfo.InvariantCulture, $"person-{at + 1}"), text, isByPerson: true)),
        ];
    }

    /// <summary>True for what a person may answer for by name although the monitor finds it bad: it does not blind the monitor.</summary>
    public static bool MayBeAccepted(string id) => id is Sensors or Storage or Relay;

    /// <summary>Looks at what the monitor sees by itself.</summary>
    /// <returns>The list with each of these lines as it stands now; the same object where nothing changed.</returns>
    public static IReadOnlyList<AbuseCheck> Look(AbuseRecord record, AbuseSight sight, double now)
    {
        ArgumentNullException.ThrowIfNull(record);
        IReadOnlyList<AbuseCheck> checks = record.Checks;
        foreach (AbuseCheck check in record.Checks.Where(check => !check.IsByPerson))
        {
            (CheckState state, string detail) = check.Id switch
            {
                Sensors => LookAtSensors(sight),
                FastRate => LookAtRate(record, sight),
                Storage => LookAtStorage(record.Plan, sight),
                Clock => LookAtClock(sight),
                Relay => LookAtRelay(record, sight.Node),
                TriggerInput => sight.Node?.TriggerEdges is { } edges
                    ? (CheckState.Good, string.Create(CultureInfo.InvariantCulture, $"{edges} edges since the node started"))
                    : (CheckState.Bad, "the node no longer tells of it"),
                _ => (CheckState.Open, ""),
            };

            // Accepted by a person: what was accepted stays so, unless it has become good by itself. Another fault was not accepted.
            if (state != check.State && !(check.Person is not null && state == CheckState.Bad && IsSame(check.Detail, detail)))
            {
                checks = AbuseNotes.Replace(checks, check with { State = state, Detail = detail, Person = null, At = now });
            }
            else if (check.Person is null && check.Detail != detail)
            {
                // Since when it has stood so stays.
                checks = AbuseNotes.Replace(checks, check with { Detail = detail });
            }
        }

        return checks;
    }

    /// <summary>How the detail of an accepted line reads: what was wrong, and why it was accepted.</summary>
    public static string Accepted(string? detail, string? reason) => $"{detail}{AcceptedWord}{reason}";

    /// <summary>True for the same fault: the same words, and no figure that has more than doubled or halved.</summary>
    private static bool IsSame(string? accepted, string detail)
    {
        string before = accepted?.Split(AcceptedWord)[0] ?? "";
        double[] old = [.. Figure.Matches(before).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];
        double[] now = [.. Figure.Matches(detail).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];
        return Figure.Replace(before, "#") == Figure.Replace(detail, "#") && old.Zip(now).All(pair => pair.Second <= 2 * pair.First && pair.Second >= pair.First / 2);
    }

    private static AbuseCheck New(string id, string text, bool isByPerson) => new(id, text, isByPerson, CheckState.Open, null, null, null);

    private static (CheckState State, string Detail) LookAtSensors(AbuseSight sight)
    {
        if (sight.Sample is not { } sample || sight.SampleAgeS > MostAgeS)
        {
            return (CheckState.Bad, sight.Sample is null ? "no sample has arrived" : string.Create(CultureInfo.InvariantCulture, $"the newest sample came {sight.SampleAgeS:F0} s ago"));
        }

        List<string> faults = [];
        if (!sample.IsGood(SampleColumns.Voltage))
        {
            faults.Add($"voltage is {Word(sample.StateOf(SampleColumns.Voltage))}");
        }

        List<double> contacts = [];
        foreach (int column in (int[])[SampleColumns.Surface, .. Enumerable.Range(SampleColumns.FirstExtraSurface, SampleColumns.Count - SampleColumns.FirstExtraSurface)])
        {
            if (sample.IsGood(column))
            {
                contacts.Add(sample.Values[column]);
            }
            else if (sample.StateOf(column) != SensorState.Absent)
            {
                faults.Add($"{NameOf(column)} is {Word(sample.StateOf(column))}");
            }
        }

        SensorState infrared = sample.StateOf(SampleColumns.Infrared);
        if (contacts.Count == 0 && infrared != SensorState.Good)
        {
            faults.Add("no cell temperature is read");
        }

        if (infrared != SensorState.Absent && infrared != SensorState.Good)
        {
            faults.Add($"infrared is {Word(infrared)}");
        }
        else if (infrared == SensorState.Good && contacts.Count > 0)
        {
            double apart = contacts.Max(contact => Math.Abs(contact - sample.Values[SampleColumns.Infrared]));
            if (apart > AgreementBandK)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"contact and infrared differ by {apart:F1} K, {AgreementBandK} K are the most"));
            }
        }

        if (!sample.IsGood(SampleColumns.Ambient))
        {
            faults.Add($"ambient is {Word(sample.StateOf(SampleColumns.Ambient))}");
        }

        return faults.Count > 0 ? (CheckState.Bad, string.Join(", ", faults))
            : (CheckState.Good, string.Create(CultureInfo.InvariantCulture,
                $"{contacts.Count} contact sensor{(contacts.Count == 1 ? "" : "s")}, infrared {Word(infrared)}, ambient {sample.Values[SampleColumns.Ambient]:F0} C"));
    }

    private static (CheckState State, string Detail) LookAtRate(AbuseRecord record, AbuseSight sight)
    {
        if (sight.Node?.AbuseChannel != record.Channel)
        {
            return (CheckState.Bad, sight.Node?.AbuseChannel is { } other ? $"the node samples channel '{other}' fast" : "the node has not confirmed it");
        }

        return sight.SampleAgeS > MostAgeS || sight.RateHz is not { } rate ? (CheckState.Bad, "confirmed by the node, but samples do not arrive at it")
            : rate < LeastRateHz ? (CheckState.Bad, string.Create(CultureInfo.InvariantCulture, $"{rate:F0} samples a second arrive, at least {LeastRateHz} are needed"))
            : (CheckState.Good, "confirmed by the node, and samples arrive at it");
    }

    private static (CheckState State, string Detail) LookAtStorage(AbusePlan plan, AbuseSight sight)
    {
        if (sight.StorageProblem is { } problem)
        {
            return (CheckState.Bad, problem);
        }

        ObservationRule rule = plan.Observation;
        double seconds = (rule.ExposureS ?? 0) + Math.Max(rule.LeastS, rule.MostS ?? 0) + (UsualHours * 3600);
        long needed = ReserveBytes + (long)(seconds * BytesPerSecond);
        return sight.FreeBytes is not { } free ? (CheckState.Bad, "the file system does not tell how much is free")
            : free < needed ? (CheckState.Bad, string.Create(CultureInfo.InvariantCulture, $"{free / 1_000_000} MB are free, {needed / 1_000_000} MB are needed"))
            : (CheckState.Good, string.Create(CultureInfo.InvariantCulture, $"at least {needed / 1_000_000} MB are free"));
    }

    private static (CheckState State, string Detail) LookAtClock(AbuseSight sight) =>
        sight.Sample is null || sight.SampleAgeS > MostAgeS || sight.ClockOffsetS is not { } offset ? (CheckState.Bad, "no sample has arrived lately")
        : !sight.IsAnchored ? (CheckState.Bad, "the node does not know the time")
        : Math.Abs(offset) > MostClockOffsetS ? (CheckState.Bad, string.Create(CultureInfo.InvariantCulture, $"the node's clock is {Math.Abs(offset):F1} s {(offset > 0 ? "behind" : "ahead")}"))
        : (CheckState.Good, "the node's clock agrees with the gateway's");

    private static (CheckState State, string Detail) LookAtRelay(AbuseRecord record, NodeInfo? node)
    {
        NodeProtection? protection = node?.Protection?.GetValueOrDefault(record.Channel ?? "");
        string? wanted = record.Plan.ProtectionKind;
        if (protection is null)
        {
            return wanted is null ? (CheckState.Good, "the node tells of no relay") : (CheckState.Bad, "the node does not tell how its protection stands");
        }

        if (protection.State == NodeProtection.Tripped)
        {
            return (CheckState.Bad, "the protection has tripped; a person resets it at the node");
        }

        bool isArmedAsWanted = protection.State == NodeProtection.Armed && protection.Kind == wanted;
        return wanted is null || isArmedAsWanted || (record.State == AbuseState.Preparing && protection.State != NodeProtection.Armed)
            ? (CheckState.Good, protection.State == NodeProtection.Armed ? $"armed for '{protection.Kind}'" : protection.State)
            : (CheckState.Bad, protection.State == NodeProtection.Armed
                ? $"armed for '{protection.Kind}', the plan wants '{wanted}'" : $"{protection.State}, though the plan wants it armed for '{wanted}'");
    }

    private static string Word(SensorState state) => state.ToString().ToLowerInvariant();

    private static string NameOf(int column) => column == SampleColumns.Surface ? "contact"
        : string.Create(CultureInfo.InvariantCulture, $"contact {column - SampleColumns.FirstExtraSurface + 2}");
}
