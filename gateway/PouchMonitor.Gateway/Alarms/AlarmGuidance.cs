using System.Collections.Frozen;
using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// What the person on call is to do about each rule's alarm. An alarm that asks for no action is none (ISA-18.2), so every rule has
/// its line; a laboratory's own emergency plan goes first wherever it says otherwise.
/// </summary>
public static class AlarmGuidance
{
    private const string Unknown = "Look at the cell's page and decide; tell whoever runs the test.";

    private static readonly FrozenDictionary<string, string> Actions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [RuleNames.ThermalRunaway] = "Do not open the chamber and do not touch the cell. Leave the room, call the fire brigade by your emergency plan, cut the channel from outside. Watch neighbouring cells for the next hour.",
        [RuleNames.HardShort] = "Stop the channel. Do not touch the cell; watch its temperature from outside until it has been at ambient for an hour.",
        [RuleNames.ThermalLimit] = "Stop charging and discharging. Check cooling and the neighbouring cells; if it goes on warming, treat it as a runaway.",
        [RuleNames.HeatingRate] = "Stop the channel and watch from outside: a cell that heats by itself may run away within minutes.",
        [RuleNames.HeatResidual] = "The cell makes more heat than its current explains. Pause the test and watch it; check the thermocouple's contact.",
        [RuleNames.SoftShort] = "Pause at the next rest and look at the voltage decay; take the cell out if it goes on. Do not fast-charge it.",
        [RuleNames.VoltageLimit] = "Stop the channel; check the cycler's limits and the voltage leads before it is started again.",
        [RuleNames.SensorFault] = "The cell is watched with fewer sensors. Pause the test, check leads and thermistors, and reset the alarm when readings are sound.",
        [RuleNames.BadReading] = "Check connectors, shield and ground of the channel; the readings named are not used.",
        [RuleNames.CapacityFade] = "Compare the last cycles with the reference; decide whether the test goes on to its end criterion.",
        [RuleNames.PolarizationRise] = "Look at resistance and temperature of the last cycles: this often comes before the capacity falls off.",
        [RuleNames.ResistanceRise] = "Check contacts and torque first, then the pulses of the last cycles.",
        [RuleNames.CoulombicEfficiencyCollapse] = "Look for a short or for lost electrolyte in the last cycles; lower the charge rate or end the test.",
        [RuleNames.Silence] = "Check the node's power and network; until samples arrive this cell is not watched. If it is armed for abuse, go and look from outside.",
        [RuleNames.Protection] = "The node has opened the relay by itself. Find out why before a person resets it at the node.",
        [RuleNames.Storage] = "Make room on the gateway's disk, or repair it. Limits are still judged, but nothing new is kept.",
        [RuleNames.ForwarderLag] = "Check the time-series server; data wait in the journal and are delivered later.",
        [RuleNames.Quarantine] = "Look at the quarantine: a device sends what cannot be understood, or two use one name.",
        [RuleNames.Clock] = "Set the node's clock right; times of its samples cannot be trusted.",
        [RuleNames.Delivery] = "Alarms do not reach the people named: look at the delivery log, mend the route, and keep watching the alarm desk until then.",
        [RuleNames.AbuseTest] = "Look at the abuse test's page. A stop that is not confirmed: cut the supply by hand from outside, keep everybody away. Otherwise put right what it names, or end the test.",
        [RuleNames.NodeBacklog] = "Check the node's network: it holds samples back, or has lost some.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The line for a rule; a general one where the rule is not known.</summary>
    public static string ActionOf(string rule) => Actions.GetValueOrDefault(rule, Unknown);

    /// <summary>Every rule that has a line.</summary>
    public static IReadOnlyCollection<string> Rules => Actions.Keys;
}
