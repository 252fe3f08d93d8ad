namespace PouchMonitor.Gateway.Alarms;

/// <summary>How alarms are grouped and how soon people are told. The figures are argued in gateway/decisions/0006.</summary>
public sealed record AlarmOptions
{
    /// <summary>How long a message below emergency waits for others of the same burst, seconds.</summary>
    public double SettleSeconds { get; init; } = 1;

    /// <summary>A high alarm nobody acknowledges is passed on after so long, minutes; then after twice as long each time.</summary>
    public int EscalateAfterMinutes { get; init; } = 10;

    /// <summary>The same of an emergency, minutes.</summary>
    public int EscalateEmergencyAfterMinutes { get; init; } = 2;

    /// <summary>Alarms of one bench that begin within so long of each other are one incident, seconds.</summary>
    public int GroupSeconds { get; init; } = 60;

    internal long SettleMicroseconds => (long)(SettleSeconds * 1e6);

    internal long GroupMicroseconds => GroupSeconds * 1_000_000L;

    internal long EscalationMicroseconds(AlarmPriority priority) =>
        (priority == AlarmPriority.Emergency ? EscalateEmergencyAfterMinutes : EscalateAfterMinutes) * 60_000_000L;
}
