namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// What the link's thread leaves for the publisher's: words on messages sent, and messages received. Of the gateway's
/// <c>stored</c> only the newest is kept, since each says all that those before it said.
/// </summary>
public sealed class LinkInbox : IFrameLinkListener
{
    private readonly object gate = new object();
    private readonly string storedTopic;
    private byte[]? stored;

    public LinkInbox(string storedTopic)
    {
        this.storedTopic = storedTopic;
    }

    /// <summary>Words on messages sent.</summary>
    public PublishedWords Words { get; } = new PublishedWords();

    /// <summary>Messages received, without <c>stored</c>.</summary>
    public ReceivedMessages Messages { get; } = new ReceivedMessages();

    /// <inheritdoc/>
    public void OnPublished(int messageId, bool isPublished) => Words.Add(messageId, isPublished);

    /// <inheritdoc/>
    public void OnMessage(string topic, byte[] payload)
    {
        if (topic != storedTopic)
        {
            Messages.Add(topic, payload);
            return;
        }

        lock (gate)
        {
            stored = payload;
        }
    }

    /// <summary>The newest <c>stored</c> that was not taken yet, or null.</summary>
    public byte[]? TakeStored()
    {
        lock (gate)
        {
            byte[]? newest = stored;
            stored = null;
            return newest;
        }
    }
}
