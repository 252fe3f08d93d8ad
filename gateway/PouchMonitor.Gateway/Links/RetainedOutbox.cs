namespace PouchMonitor.Gateway.Links;

/// <summary>
/// Retained messages for a broker: of each topic only the latest counts, so what waits is bounded by the topics. All are
/// kept, since a broker that was restarted may have forgotten them.
/// </summary>
internal sealed class RetainedOutbox(int mostTopics)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Item> items = new(StringComparer.Ordinal);
    private readonly Queue<Item> due = [];

    private sealed class Item(string topic)
    {
        public string Topic { get; } = topic;

        public byte[] Payload { get; set; } = [];

        public bool IsDue { get; set; }
    }

    /// <summary>Topics whose latest message waits to be sent.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return due.Count;
            }
        }
    }

    /// <summary>Takes the latest message of a topic; false where there are too many topics already.</summary>
    public bool TrySet(string topic, byte[] payload)
    {
        lock (gate)
        {
            if (!items.TryGetValue(topic, out Item? item))
            {
                if (items.Count >= mostTopics)
                {
                    return false;
                }

                items[topic] = item = new Item(topic);
            }

            item.Payload = payload;
            MakeDue(item);
            return true;
        }
    }

    /// <summary>The broker may have forgotten everything.</summary>
    public void MakeAllDue()
    {
        lock (gate)
        {
            foreach (Item item in items.Values)
            {
                MakeDue(item);
            }
        }
    }

    /// <summary>A message could not be sent; whatever is the latest of its topic by now is due again.</summary>
    public void MakeDue(string topic)
    {
        lock (gate)
        {
            MakeDue(items[topic]);
        }
    }

    /// <summary>Takes some messages to send.</summary>
    public List<(string Topic, byte[] Payload)> Take(int most)
    {
        List<(string Topic, byte[] Payload)> taken = [];
        lock (gate)
        {
            while (taken.Count < most && due.TryDequeue(out Item? item))
            {
                item.IsDue = false;
                taken.Add((item.Topic, item.Payload));
            }
        }

        return taken;
    }

    private void MakeDue(Item item)
    {
        if (!item.IsDue)
        {
            item.IsDue = true;
            due.Enqueue(item);
        }
    }
}
