namespace PouchMonitor.Firmware.Publishing;

/// <summary>Told by a link what became of a message.</summary>
public interface IFrameLinkListener
{
    /// <summary>
    /// The message of this id was acknowledged (<paramref name="isPublished"/>) or given up. Any thread; may come before
    /// the call that published it has returned.
    /// </summary>
    void OnPublished(int messageId, bool isPublished);

    /// <summary>A message came on a topic subscribed to; the payload is the receiver's to keep. Any thread.</summary>
    void OnMessage(string topic, byte[] payload);
}

/// <summary>
/// The way to the broker, with the semantics of M2Mqtt: no reconnection of its own, an id for each message, a later word on
/// whether it was acknowledged. After <see cref="Close"/> or a new <see cref="Connect"/> no word comes on older messages.
/// </summary>
public interface IFrameLink
{
    /// <summary>True while messages may be handed over.</summary>
    bool IsConnected { get; }

    /// <summary>Who is told; set once before the first connection.</summary>
    void SetListener(IFrameLinkListener listener);

    /// <summary>Connects with a retained will; false when it did not work, which is no fault but the way of networks.</summary>
    bool Connect(string willTopic, string willMessage);

    /// <summary>Hands over a message at QoS 1; its id (1 or more), or 0 when the link cannot take it now.</summary>
    int Publish(string topic, byte[] payload, bool isRetained);

    /// <summary>
    /// Asks for the messages of a topic at QoS 1 for as long as this connection stands; false when the link cannot take the
    /// request now. A retained message comes at once.
    /// </summary>
    bool Subscribe(string topic);

    /// <summary>Drops the connection and forgets every message.</summary>
    void Close();
}
