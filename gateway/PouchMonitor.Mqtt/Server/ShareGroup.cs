using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// The sessions that share one subscription: each message goes to one of them, in turn. A member that keeps up comes
/// before one with messages waiting, and that before one whose client is away. Choosing takes no lock and allocates nothing.
/// </summary>
internal sealed class ShareGroup(string filter, byte[] filterUtf8)
{
    private volatile Subscription[] _members = [];
    private uint _turn;

    private enum Rank
    {
        Ready,
        Behind,
        Away,
        Unable,
    }

    /// <summary>The filter with the group's name, as clients subscribe to it.</summary>
    public string Filter { get; } = filter;

    /// <summary>The filter without the group's name.</summary>
    public byte[] FilterUtf8 { get; } = filterUtf8;

    public int Count => _members.Length;

    /// <summary>Adds a member or puts its new options in the place of the old. Under the server's lock for groups, as is <see cref="Remove"/>.</summary>
    public void Put(Subscription member)
    {
        Subscription[] members = _members;
        int index = Array.FindIndex(members, known => known.Session == member.Session);
        if (index < 0)
        {
            _members = [.. members, member];
            return;
        }

        var changed = (Subscription[])members.Clone();
        changed[index] = member;
        _members = changed;
    }

    public void Remove(MqttSession session) => _members = Array.FindAll(_members, member => member.Session != session);

    public bool HasOtherConnected(MqttSession session)
    {
        foreach (Subscription member in _members)
        {
            if (member.Session != session && member.Session.Connection is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the message to one member. False where there are members and none could take it.</summary>
    public bool Offer(ref PassingMessage message, FlushList flush)
    {
        Subscription[] members = _members;
        if (members.Length == 0)
        {
            return true; // the last member has just left
        }

        uint turn = Interlocked.Increment(ref _turn);
        return OfferAmong(members, Rank.Ready, turn, ref message, flush)
            || OfferAmong(members, Rank.Behind, turn, ref message, flush)
            || OfferAmong(members, Rank.Away, turn, ref message, flush);
    }

    private bool OfferAmong(Subscription[] members, Rank rank, uint turn, ref PassingMessage message, FlushList flush)
    {
        int ranked = 0;
        foreach (Subscription member in members)
        {
            ranked += RankOf(member, message.Qos) == rank ? 1 : 0;
        }

        // The turn counts those of this rank alone, so that nobody stands in for a neighbour that is away.
        int skip = ranked == 0 ? 0 : (int)(turn % (uint)ranked);
        for (int pass = 0; pass < 2 && ranked > 0; pass++)
        {
            int seen = 0;
            foreach (Subscription member in members)
            {
                if (RankOf(member, message.Qos) == rank && (seen++ >= skip) == (pass == 0) && TryGive(member, ref message, flush))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryGive(Subscription member, ref PassingMessage message, FlushList flush)
    {
        var qos = (MqttQos)Math.Min((byte)message.Qos, (byte)member.Options.Qos);
        return member.Session.Deliver(ref message, qos, message.Retain && member.Options.RetainAsPublished, member.Identifiers, flush, this);
    }

    private static Rank RankOf(Subscription member, MqttQos qos)
    {
        MqttSession session = member.Session;
        if (session.Connection is not null)
        {
            return session.IsBehind ? Rank.Behind : Rank.Ready;
        }

        return session.IsKept && qos != MqttQos.AtMostOnce && member.Options.Qos != MqttQos.AtMostOnce ? Rank.Away : Rank.Unable;
    }
}
