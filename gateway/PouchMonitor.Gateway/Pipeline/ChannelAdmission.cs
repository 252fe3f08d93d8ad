namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Bounds how many channels there can be, since each keeps an analysis of its own: a node that makes up channel names, or a
/// client that makes up nodes, is quarantined beyond the bound.
/// </summary>
internal sealed class ChannelAdmission
{
    /// <summary>Channels of one node.</summary>
    public const int MostPerNode = 64;

    /// <summary>Channels of all nodes.</summary>
    public const int Most = 50_000;

    /// <summary>Reason under which frames of further channels are quarantined.</summary>
    public const string Reason = "TooManyChannels";

    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<string>> channels = new(StringComparer.Ordinal);
    private int count;

    /// <summary>True when the channel is known or may become so.</summary>
    public bool Admit(string node, string channel)
    {
        lock (gate)
        {
            if (!channels.TryGetValue(node, out HashSet<string>? known))
            {
                known = new HashSet<string>(StringComparer.Ordinal);
            }

            if (known.Contains(channel))
            {
                return true;
            }

            if (known.Count >= MostPerNode || count >= Most)
            {
                return false;
            }

            channels[node] = known;
            known.Add(channel);
            count++;
            return true;
        }
    }
}
