using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Persistence;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>The last retained message of each topic, bounded in number and bytes.</summary>
internal sealed class RetainedStore(int maximumMessages, long maximumBytes, SessionLog? log)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<byte[], MqttMessage> _messages = new(LevelComparer.Instance);
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    public IEnumerable<MqttMessage> All => _messages.Values;

    /// <summary>Keeps the message in the place of its topic's last; an empty payload only forgets that one. False at a bound.</summary>
    public bool TrySet(ref PassingMessage message)
    {
        lock (_gate)
        {
            _messages.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(message.Topic, out MqttMessage? last);
            if (message.Payload.IsEmpty)
            {
                if (last is not null)
                {
                    _messages.TryRemove(last.TopicUtf8, out _);
                    _count--;
                    _bytes -= last.CountedBytes;
                    ClearInLog(last);
                }

                return true;
            }

            long bytes = _bytes + message.CountedBytes - (last?.CountedBytes ?? 0);
            if (bytes > maximumBytes || (last is null && _count >= maximumMessages))
            {
                return false;
            }

            MqttMessage stored = message.Store();
            _messages[last?.TopicUtf8 ?? stored.TopicUtf8] = stored;
            _count += last is null ? 1 : 0;
            _bytes = bytes;
            if (message.IsTransient)
            {
                ClearInLog(last);
            }
            else
            {
                log?.Retain(stored);
            }

            return true;
        }
    }

    /// <summary>Takes up what the log has.</summary>
    public void Restore(MqttMessage message)
    {
        lock (_gate)
        {
            _messages[message.TopicUtf8] = message;
            _count++;
            _bytes += message.CountedBytes;
        }
    }

    /// <summary>Appends to the log again what it has.</summary>
    public void LogWhole()
    {
        foreach (KeyValuePair<byte[], MqttMessage> entry in _messages)
        {
            lock (_gate)
            {
                if (!entry.Value.IsTransient && _messages.TryGetValue(entry.Key, out MqttMessage? now) && now == entry.Value)
                {
                    log!.Retain(entry.Value);
                }
            }
        }
    }

    private void ClearInLog(MqttMessage? last)
    {
        if (last is { IsTransient: false })
        {
            log?.ClearRetained(last.TopicUtf8);
        }
    }

    /// <summary>Adds what the filter matches and has not expired. A filter without wildcards is one look-up.</summary>
    public void Match(ReadOnlySpan<byte> filter, long nowMilliseconds, List<MqttMessage> matches)
    {
        if (!TopicRules.HasWildcard(filter))
        {
            if (_messages.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(filter, out MqttMessage? message) && !message.IsExpired(nowMilliseconds))
            {
                matches.Add(message);
            }

            return;
        }

        foreach (KeyValuePair<byte[], MqttMessage> entry in _messages)
        {
            if (TopicRules.Matches(filter, entry.Key) && !entry.Value.IsExpired(nowMilliseconds))
            {
                matches.Add(entry.Value);
            }
        }
    }

    /// <summary>Forgets what has expired and tells how many that were.</summary>
    public int Sweep(long nowMilliseconds)
    {
        int removed = 0;
        foreach (KeyValuePair<byte[], MqttMessage> entry in _messages)
        {
            if (entry.Value.IsExpired(nowMilliseconds))
            {
                lock (_gate)
                {
                    if (_messages.TryRemove(entry))
                    {
                        _count--;
                        _bytes -= entry.Value.CountedBytes;
                        removed++;
                    }
                }
            }
        }

        return removed;
    }
}
