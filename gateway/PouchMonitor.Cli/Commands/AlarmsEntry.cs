using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// Section <c>alarms</c> of the configuration: <c>{"settleSeconds": 1, "escalateAfterMinutes": 10,
/// "escalateEmergencyAfterMinutes": 2, "groupSeconds": 60}</c>, each optional.
/// </summary>
internal sealed record AlarmsEntry
{
    private const double MostSettleSeconds = 60;
    private const int MostMinutes = 1440;
    private const int MostGroupSeconds = 600;

    public double? SettleSeconds { get; init; }

    public int? EscalateAfterMinutes { get; init; }

    public int? EscalateEmergencyAfterMinutes { get; init; }

    public int? GroupSeconds { get; init; }

    public GatewayOptions AddTo(GatewayOptions options, string file)
    {
        Check(file, "settleSeconds", SettleSeconds, 0, MostSettleSeconds);
        Check(file, "escalateAfterMinutes", EscalateAfterMinutes, 1, MostMinutes);
        Check(file, "escalateEmergencyAfterMinutes", EscalateEmergencyAfterMinutes, 1, MostMinutes);
        Check(file, "groupSeconds", GroupSeconds, 1, MostGroupSeconds);
        AlarmOptions alarms = options.Alarms;
        return options with
        {
            Alarms = alarms with
            {
                SettleSeconds = SettleSeconds ?? alarms.SettleSeconds,
                EscalateAfterMinutes = EscalateAfterMinutes ?? alarms.EscalateAfterMinutes,
                EscalateEmergencyAfterMinutes = EscalateEmergencyAfterMinutes ?? alarms.EscalateEmergencyAfterMinutes,
                GroupSeconds = GroupSeconds ?? alarms.GroupSeconds,
            },
        };
    }

    private static void Check(string file, string name, double? value, double least, double most)
    {
        if (value is { } given && !(given >= least && given <= most))
        {
            throw new CommandException(FormattableString.Invariant($"--config {file}: alarms.{name} = {given} is outside {least} to {most}."));
        }
    }
}
