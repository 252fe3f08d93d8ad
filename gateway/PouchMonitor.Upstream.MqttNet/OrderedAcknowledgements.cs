using MQTTnet;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Upstream.MqttNet;

/// <summary>
/// Acknowledgements of one connection. The application gives them in any order and from any thread; they leave in the order
/// in which the messages came, as the protocol wants, and none leaves over a later connection, where its number would mean
/// another message.
/// </summary>
internal sealed class OrderedAcknowledgements : IMessageAcknowledger
{
    private readonly Lock gate = new();
    private readonly Queue<Place> places = [];
    private readonly Dictionary<long, Place> byNumber = [];
    private readonly SemaphoreSlim wanted = new(0);
    private long last;

    private sealed class Place(MqttApplicationMessageReceivedEventArgs message)
    {
        public MqttApplicationMessageReceivedEventArgs Message { get; } = message;

        public bool IsDone { get; set; }
    }

    /// <summary>Messages that have not been acknowledged.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return places.Count;
            }
        }
    }

    /// <summary>Takes the next place.</summary>
    public long Take(MqttApplicationMessageReceivedEventArgs message)
    {
        lock (gate)
        {
            Place place = new(message);
            places.Enqueue(place);
            byNumber[++last] = place;
            return last;
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(long number, MqttReason reason)
    {
        lock (gate)
        {
            if (!byNumber.Remove(number, out Place? place))
            {
                return;
            }

            place.Message.ReasonCode = (MqttApplicationMessageReceivedReasonCode)reason;
            place.IsDone = true;
            if (!places.Peek().IsDone)
            {
                return;
            }
        }

        wanted.Release();
    }

    /// <summary>Sends what may be sent, until the connection ends.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        while (true)
        {
            await wanted.WaitAsync(ended);
            while (TryTakeDone(out MqttApplicationMessageReceivedEventArgs? message))
            {
                await message.AcknowledgeAsync(ended);
            }
        }
    }

    private bool TryTakeDone([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MqttApplicationMessageReceivedEventArgs? message)
    {
        lock (gate)
        {
            message = places.TryPeek(out Place? first) && first.IsDone ? places.Dequeue().Message : null;
            return message is not null;
        }
    }
}
