using PouchMonitor.Gateway.Links;

namespace PouchMonitor.Gateway.Tests.Links;

/// <summary>What waits to be published on an external broker: of each topic the latest.</summary>
public class RetainedOutboxTests
{
    [Fact]
    public void OfATopic_OnlyTheLatestIsSent_InTheOrderOfTheFirstThatWaits()
    {
        RetainedOutbox outbox = new(10);
        outbox.TrySet("a", [1]);
        outbox.TrySet("b", [2]);
        outbox.TrySet("a", [3]);
        Assert.Equal(2, outbox.Waiting);
        Assert.Equal([("a", 3), ("b", 2)], Take(outbox, 10));
        Assert.Equal(0, outbox.Waiting);
    }

    [Fact]
    public void WhatFailed_IsSentAgain_AsItIsByThen()
    {
        RetainedOutbox outbox = new(10);
        outbox.TrySet("a", [1]);
        Take(outbox, 1);
        outbox.TrySet("a", [2]);
        outbox.MakeDue("a");
        Assert.Equal([("a", 2)], Take(outbox, 10));
    }

    [Fact]
    public void ANewConnection_MakesAllDue_Once()
    {
        RetainedOutbox outbox = new(10);
        outbox.TrySet("a", [1]);
        outbox.TrySet("b", [2]);
        Take(outbox, 10);
        outbox.MakeAllDue();
        outbox.MakeAllDue();
        Assert.Equal([("a", 1)], Take(outbox, 1));
        Assert.Equal([("b", 2)], Take(outbox, 10));
    }

    [Fact]
    public void BeyondItsTopics_ItTakesNoNewOne_ButGoesOnWithThoseItHas()
    {
        RetainedOutbox outbox = new(1);
        Assert.True(outbox.TrySet("a", [1]));
        Assert.False(outbox.TrySet("b", [2]));
        Assert.True(outbox.TrySet("a", [3]));
        Assert.Equal([("a", 3)], Take(outbox, 10));
    }

    private static (string Topic, int Value)[] Take(RetainedOutbox outbox, int most) => [.. outbox.Take(most).Select(item => (item.Topic, (int)item.Payload[0]))];
}
