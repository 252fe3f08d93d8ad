using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// Messages of shared subscriptions when their member goes away: another takes over what was not begun, and what was
/// sent at QoS 1 and not acknowledged. A QoS 2 message once sent stays with its member, as section 4.8.2 demands.
/// </summary>
public sealed partial class MqttSession
{
    private bool _isEnded;

    /// <summary>Whether a message in flight is kept: for a later connection, or for another member of its group.</summary>
    private bool KeepsInFlight(ShareGroup? group, MqttQos qos) => IsKept || (group is not null && qos == MqttQos.AtLeastOnce);

    /// <summary>Hands over what came through the groups that are wanted, in its order. Under the session's lock.</summary>
    private void LeaveToOthers(Func<ShareGroup, bool> isWanted)
    {
        foreach (QueuedMessage queued in _inFlight?.TakeShared(isWanted) ?? [])
        {
            LogDone(queued.Delivery);
            Server.OfferLater(queued);
        }

        for (int count = QueuedMessages; count > 0; count--)
        {
            QueuedMessage queued = _queue!.Dequeue();
            if (queued.Group is { } group && isWanted(group))
            {
                _queuedBytes -= queued.Message!.CountedBytes;
                LogDone(queued.Delivery);
                Server.OfferLater(queued);
            }
            else
            {
                _queue.Enqueue(queued);
            }
        }
    }
}
