using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Shared subscriptions: their groups, and messages that go on to another member.</summary>
public sealed partial class MqttServer
{
    [ThreadStatic]
    private static List<ShareGroup>? _groupMatches;

    private readonly Lock _groupGate = new();
    private readonly Dictionary<string, ShareGroup> _groups = new(StringComparer.Ordinal);
    private readonly SubscriptionTree<ShareGroup> _groupTree = new();
    private readonly ConcurrentQueue<QueuedMessage> _toOfferAgain = new();
    private int _sharedCount;

    /// <summary>Puts a subscription where messages find it: into the tree, or into its group.</summary>
    internal void AddSubscription(Subscription subscription)
    {
        if (!subscription.IsShared)
        {
            Subscriptions.Put(subscription.FilterUtf8, subscription, static (known, added) => known.Session == added.Session);
            return;
        }

        lock (_groupGate)
        {
            if (!_groups.TryGetValue(subscription.Options.Filter, out ShareGroup? group))
            {
                group = new ShareGroup(subscription.Options.Filter, subscription.FilterUtf8);
                _groups[subscription.Options.Filter] = group;
                _groupTree.Put(group.FilterUtf8, group, ReferenceEquals);
            }

            int before = group.Count;
            group.Put(subscription);
            _sharedCount += group.Count - before;
        }
    }

    internal void RemoveSubscription(Subscription subscription)
    {
        if (!subscription.IsShared)
        {
            Subscriptions.Remove(subscription.FilterUtf8, subscription);
            return;
        }

        lock (_groupGate)
        {
            if (!_groups.TryGetValue(subscription.Options.Filter, out ShareGroup? group))
            {
                return;
            }

            int before = group.Count;
            group.Remove(subscription.Session);
            _sharedCount += group.Count - before;
            if (group.Count == 0)
            {
                _groups.Remove(subscription.Options.Filter);
                _groupTree.Remove(group.FilterUtf8, group);
            }
        }
    }

    /// <summary>Notes a message whose member is gone; it is offered again as soon as no lock is held.</summary>
    internal void OfferLater(in QueuedMessage queued) => _toOfferAgain.Enqueue(queued);

    /// <summary>Offers to other members what members that are gone have left behind. Called without any lock.</summary>
    private void OfferAgain()
    {
        if (_toOfferAgain.IsEmpty)
        {
            return;
        }

        FlushList flush = FlushList.OfThread;
        while (_toOfferAgain.TryDequeue(out QueuedMessage queued))
        {
            MqttMessage stored = queued.Message!;
            if (stored.IsExpired(NowMilliseconds))
            {
                Counters.Dropped(MqttDropReason.Expired);
                continue;
            }

            Interlocked.Increment(ref Counters.SharedOfferedAgain);
            var message = new PassingMessage(stored);
            if (queued.Group!.Count == 0 || !queued.Group.Offer(ref message, flush))
            {
                Counters.Dropped(MqttDropReason.NoGroupMember);
            }
        }

        flush.Flush();
    }

    private void RouteToGroups(ref PassingMessage message, FlushList flush)
    {
        List<ShareGroup> matches = _groupMatches ??= [];
        _groupTree.Match(message.Topic, matches);
        try
        {
            foreach (ShareGroup group in matches)
            {
                if (!group.Offer(ref message, flush))
                {
                    Counters.Dropped(MqttDropReason.NoGroupMember);
                }
            }
        }
        finally
        {
            matches.Clear();
        }
    }
}
