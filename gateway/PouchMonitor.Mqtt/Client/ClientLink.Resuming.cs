using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>Sending again, over a new connection, what the session still owes.</summary>
internal sealed partial class ClientLink
{
    /// <summary>Guarded by the session's gate: what waits to be sent again until the server's receive maximum allows it.</summary>
    private Queue<ushort> _unsent = [];

    /// <summary>
    /// Before anything else is published: sends again as much as the window allows, the rest as answers come. Then new
    /// publishes may begin.
    /// </summary>
    private void Resume(bool isSessionPresent, int window)
    {
        lock (_gate)
        {
            _unsent = _session.Resume(isSessionPresent, window);
            _window = new SemaphoreSlim(Math.Max(0, window - _session.Pending.Count));
            for (int sent = 0; sent < window && _unsent.TryDequeue(out ushort identifier); sent++)
            {
                SendAgain(identifier);
            }

            Volatile.Write(ref _state, Open);
        }
    }

    /// <summary>Under the gate: a publish is done with, so another may go. True where a new one may, and none is owed.</summary>
    private bool LetNextGo()
    {
        while (_unsent.TryDequeue(out ushort identifier))
        {
            if (SendAgain(identifier))
            {
                return false;
            }
        }

        return true;
    }

    private bool SendAgain(ushort identifier)
    {
        ref PendingPublish entry = ref _session.Pending.Find(identifier);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry) || entry.Kept is not { } kept)
        {
            return false;
        }

        if (entry.IsReceived)
        {
            Acknowledge(MqttPacketType.PublishRelease, identifier);
            return true;
        }

        var encoder = new PublishEncoder(_options.Version, kept.Topic, kept.Payload.Span, kept.Qos);
        lock (_sender.Gate)
        {
            Span<byte> room = _sender.Reserve(encoder.PacketBytes);
            if (!room.IsEmpty)
            {
                encoder.Write(room, identifier, kept.Retain, duplicate: entry.WasSent);
            }
        }

        entry.WasSent = true;
        return true;
    }
}
