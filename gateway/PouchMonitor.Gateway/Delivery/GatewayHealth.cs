using System.Globalization;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>
/// Whether the gateway really does its work, for the watchdog: that a process lives says little. Each part has to have moved lately.
/// </summary>
internal sealed record GatewayHealth
{
    /// <summary>How long a part may stand still; a slow disk or a busy machine is not a dead gateway.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long writerTurns = -1;
    private long writerMovedMicroseconds;

    public required Func<long> NowMicroseconds { get; init; }

    /// <summary>Why frames cannot be stored; null while they can.</summary>
    public required Func<string?> Journal { get; init; }

    /// <summary>Why the state database cannot be written; null while it can.</summary>
    public required Func<string?> Database { get; init; }

    /// <summary>Why the outbox cannot be stored; null while it can.</summary>
    public required Func<string?> Outbox { get; init; }

    /// <summary>When the outbox last looked.</summary>
    public required Func<long> OutboxTurn { get; init; }

    /// <summary>When the housekeeper last looked.</summary>
    public required Func<long> HousekeeperTurn { get; init; }

    /// <summary>How often the state writer has looked.</summary>
    public required Func<long> WriterTurns { get; init; }

    public static GatewayHealth Of(GatewayServices services, StateWriter writer, Housekeeper housekeeper) => new()
    {
        NowMicroseconds = services.NowMicroseconds,
        Journal = () => services.Journal.FailureReason,
        Database = () => housekeeper.DatabaseProblem,
        Outbox = () => services.Delivery.Outbox.Counters.StoreProblem,
        OutboxTurn = () => services.Delivery.Outbox.LastTurnMicroseconds,
        HousekeeperTurn = () => housekeeper.LastTurnMicroseconds,
        WriterTurns = () => writer.Turns,
    };

    /// <summary>The first thing that is not well; null where everything is. One caller at a time.</summary>
    public string? Problem()
    {
        long now = NowMicroseconds();

        // The writer counts its turns and has no clock; when the count last changed is seen here.
        if (WriterTurns() is var turns && writerTurns != turns)
        {
            writerTurns = turns;
            writerMovedMicroseconds = now;
        }

        return (Journal() is { } unstored ? $"frames cannot be stored: {unstored}" : null)
            ?? (Database() is { } database ? $"the state database cannot be written: {database}" : null)
            ?? (Outbox() is { } outbox ? $"the outbox cannot be stored: {outbox}" : null)
            ?? Standstill("the housekeeper", HousekeeperTurn(), now)
            ?? Standstill("the outbox", OutboxTurn(), now)
            ?? Standstill("the state writer", writerMovedMicroseconds, now);
    }

    /// <summary>What is said of a part that has not moved for too long; null where it has.</summary>
    private static string? Standstill(string part, long lastMicroseconds, long nowMicroseconds)
    {
        double seconds = (nowMicroseconds - lastMicroseconds) / 1e6;
        return seconds > Patience.TotalSeconds ? string.Create(CultureInfo.InvariantCulture, $"{part} has stood still for {seconds:0} s") : null;
    }
}
