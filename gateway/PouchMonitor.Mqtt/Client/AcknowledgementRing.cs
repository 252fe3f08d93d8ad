using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// Answers due for received publishes of QoS 1 and 2. Each takes the next place when it comes; an answer leaves when it and
/// all before it are known, so that answers leave in the order of arrival [MQTT-4.6.0-2]. Not thread-safe.
/// </summary>
internal sealed class AcknowledgementRing
{
    private Place[] _places = [];
    private long _oldest;
    private long _next;

    internal struct Place
    {
        public ushort Identifier;
        public bool IsExactlyOnce;
        public bool IsDone;
        public MqttReason Reason;
    }

    /// <summary>Places taken and not yet answered.</summary>
    public int Count => (int)(_next - _oldest);

    /// <summary>Those of them that are of QoS 2.</summary>
    public int ExactlyOnceCount { get; private set; }

    /// <summary>Answers that have left since the beginning.</summary>
    public long Answered => _oldest;

    /// <summary>Takes a place and gives its number.</summary>
    public long Take(ushort identifier, bool isExactlyOnce)
    {
        if (Count == _places.Length)
        {
            Grow();
        }

        _places[_next & (_places.Length - 1)] = new Place { Identifier = identifier, IsExactlyOnce = isExactlyOnce };
        ExactlyOnceCount += isExactlyOnce ? 1 : 0;
        return _next++;
    }

    /// <summary>Gives the latest place back: its message was not taken and will be offered again.</summary>
    public void TakeBack()
    {
        _next--;
        ExactlyOnceCount -= _places[_next & (_places.Length - 1)].IsExactlyOnce ? 1 : 0;
    }

    /// <summary>Notes an answer; false where none is due, as when it was given before. Also tells what it answers.</summary>
    public bool TryResolve(long number, MqttReason reason, out Place place)
    {
        place = default;
        if (number < _oldest || number >= _next || _places[number & (_places.Length - 1)].IsDone)
        {
            return false;
        }

        ref Place slot = ref _places[number & (_places.Length - 1)];
        slot.IsDone = true;
        slot.Reason = reason;
        place = slot;
        return true;
    }

    /// <summary>Takes the next answer that may leave.</summary>
    public bool TryTakeDone(out Place place)
    {
        place = Count > 0 ? _places[_oldest & (_places.Length - 1)] : default;
        if (!place.IsDone)
        {
            return false;
        }

        _oldest++;
        ExactlyOnceCount -= place.IsExactlyOnce ? 1 : 0;
        return true;
    }

    /// <summary>The connection has ended: nothing is due any more. Gives the identifiers of QoS 2 that were not answered.</summary>
    public List<ushort> Abandon()
    {
        var unfinished = new List<ushort>();
        for (; _oldest < _next; _oldest++)
        {
            Place place = _places[_oldest & (_places.Length - 1)];
            if (place is { IsExactlyOnce: true, IsDone: false })
            {
                unfinished.Add(place.Identifier);
            }
        }

        ExactlyOnceCount = 0;
        return unfinished;
    }

    private void Grow()
    {
        var larger = new Place[Math.Max(8, _places.Length * 2)];
        for (long number = _oldest; number < _next; number++)
        {
            larger[number & (larger.Length - 1)] = _places[number & (_places.Length - 1)];
        }

        _places = larger;
    }
}
