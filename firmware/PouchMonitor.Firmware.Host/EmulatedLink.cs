using System;
using System.Collections.Generic;
using System.Linq;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// A link with M2Mqtt's ways over virtual time, to a broker that comes and goes: connecting holds the whole runtime up for
/// the TLS handshake, each message is tried three times a second apart and then given up and forgotten, however late its
/// acknowledgement comes, and a cut takes everything that is under way. The caller decides the weather and drives it by
/// <see cref="Step"/>.
/// </summary>
public sealed class EmulatedLink(VirtualClock time) : IFrameLink
{
    private const long GiveUpMicroseconds = 4_000_000;
    private const int QueueLimit = 16;

    private readonly List<Message> underWay = [];
    private readonly List<string> subscriptions = [];
    private IFrameLinkListener? listener;
    private int lastId;
    private bool isOpen;
    private bool isReachable = true;

    /// <summary>False while there is no network or no broker; a connection that stands is cut.</summary>
    public bool IsReachable
    {
        get => isReachable;
        set
        {
            isReachable = value;
            if (!value)
            {
                Cut();
            }
        }
    }

    /// <summary>How long a TLS handshake holds the runtime up, microseconds; 0 without TLS.</summary>
    public long HandshakeMicroseconds { get; set; } = 3_000_000;

    /// <summary>From sending to the broker's having it.</summary>
    public long WayMicroseconds { get; set; } = 20_000;

    /// <summary>From the broker's having a message to its acknowledgement.</summary>
    public long AcknowledgementMicroseconds { get; set; } = 20_000;

    /// <summary>Messages as they reach the broker.</summary>
    public Action<string, byte[]>? OnArrived { get; set; }

    /// <summary>Connections made.</summary>
    public int ConnectionCount { get; private set; }

    public bool IsConnected => isOpen;

    /// <inheritdoc/>
    public void SetListener(IFrameLinkListener listener) => this.listener = listener;

    /// <inheritdoc/>
    public bool Connect(string willTopic, string willMessage)
    {
        Close();
        if (!isReachable)
        {
            return false;
        }

        time.WaitMicroseconds(HandshakeMicroseconds);
        isOpen = true;
        ConnectionCount++;
        return true;
    }

    /// <inheritdoc/>
    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        if (!isOpen || underWay.Count >= QueueLimit)
        {
            return 0;
        }

        lastId = lastId == ushort.MaxValue ? 1 : lastId + 1;
        long now = time.UptimeMicroseconds;
        underWay.Add(new Message(lastId, topic, payload, now, now + WayMicroseconds, now + WayMicroseconds + AcknowledgementMicroseconds));
        return lastId;
    }

    /// <inheritdoc/>
    public bool Subscribe(string topic)
    {
        if (isOpen)
        {
            subscriptions.Add(topic);
        }

        return isOpen;
    }

    /// <inheritdoc/>
    public void Close()
    {
        isOpen = false;
        underWay.Clear();
        subscriptions.Clear();
    }

    /// <summary>Brings a message to the node if it asked for its topic.</summary>
    public void Deliver(string topic, byte[] payload)
    {
        if (isOpen && subscriptions.Contains(topic, StringComparer.Ordinal))
        {
            listener?.OnMessage(topic, payload);
        }
    }

    /// <summary>The power or the network goes: what has not reached the broker never will.</summary>
    public void Cut()
    {
        Step();
        Close();
    }

    /// <summary>Lets happen what is due by now.</summary>
    public void Step()
    {
        long now = time.UptimeMicroseconds;
        for (int i = 0; i < underWay.Count;)
        {
            Message message = underWay[i];
            if (!message.HasArrived && now >= message.ArrivesAt)
            {
                message.HasArrived = true;
                OnArrived?.Invoke(message.Topic, message.Payload);
            }

            bool isAcknowledged = now >= message.AcknowledgedAt && message.AcknowledgedAt <= message.SentAt + GiveUpMicroseconds;
            if (!isAcknowledged && now < message.SentAt + GiveUpMicroseconds)
            {
                i++;
                continue;
            }

            if (!isAcknowledged)
            {
                // The attempts after the first reached the broker too.
                OnArrived?.Invoke(message.Topic, message.Payload);
            }

            underWay.RemoveAt(i);
            listener?.OnPublished(message.Id, isAcknowledged);
        }
    }

    private sealed record Message(int Id, string Topic, byte[] Payload, long SentAt, long ArrivesAt, long AcknowledgedAt)
    {
        public bool HasArrived { get; set; }
    }
}
