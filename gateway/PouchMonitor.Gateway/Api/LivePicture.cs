using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Api;

/// <summary>Everything as it is now, for clients that begin; written once for all that come within a moment.</summary>
internal sealed class LivePicture(GatewayServices gateway)
{
    /// <summary>How old a picture may be that is handed out, microseconds: one tick of the cells.</summary>
    private const long FreshMicroseconds = 200_000;
    private readonly Lock gate = new();
    private Content? last;

    public Content Get()
    {
        lock (gate)
        {
            long now = gateway.NowMicroseconds();
            if (last is null || now - last.AtMicroseconds is < 0 or > FreshMicroseconds)
            {
                // The number first: what changes meanwhile is sent again, never left out.
                long number = gateway.Stream.LastNumber;
                byte[] cells = JsonBytes.Write(writer => GatewayEndpoints.WriteCells(writer, gateway, gateway.State.Channels));
                byte[] alarms = JsonBytes.Write(writer =>
                {
                    writer.WriteStartArray();
                    foreach (Alarm alarm in gateway.Alarms.List().Where(alarm => alarm.State != AlarmState.Normal))
                    {
                        AlarmJson.Write(writer, alarm);
                    }

                    writer.WriteEndArray();
                });
                last = new Content(now, number,
                    new LiveEvent(gateway.Stream.Run, number, number, "alarms", alarms).MessageWithoutId,
                    new LiveEvent(gateway.Stream.Run, number, number, "cells", cells).Message);
            }

            return last;
        }
    }

    /// <param name="AtMicroseconds">When it was made.</param>
    /// <param name="Number">Number of the last event that it surely holds.</param>
    /// <param name="Alarms">Event with all alarms that are active or to be acknowledged.</param>
    /// <param name="Cells">Event with all channels.</param>
    internal sealed record Content(long AtMicroseconds, long Number, ReadOnlyMemory<byte> Alarms, ReadOnlyMemory<byte> Cells);
}
