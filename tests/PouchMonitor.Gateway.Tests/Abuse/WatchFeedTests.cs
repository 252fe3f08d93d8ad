using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>Each sample goes to the watch once and in order of time; what cannot is noticed.</summary>
public sealed class WatchFeedTests
{
    private const long Start = 1_790_000_000_000_000;
    private readonly WatchFeed feed = new(new AbuseWatch(AbuseBench.Plan, CellProfiles.Default), Start, long.MaxValue);

    [Fact]
    public void InOrder_EverySampleIsTaken_AndTheRateIsKnown()
    {
        for (int first = 0; first < 120; first += 10)
        {
            feed.Take(Frame(7, first, 10), Start, first);
        }

        Assert.False(feed.IsStale);
        Assert.Equal(Start + (119 * 20_000), feed.LastMicroseconds);
        Assert.Equal(50, feed.RateHz!.Value, 6);
        Assert.Equal(120, feed.NextOf(7));
    }

    [Fact]
    public void TheSameAgain_IsPassedOver_AndWhatFillsAHole_IsLate()
    {
        feed.Take(Frame(7, 0, 10), Start, 0);
        feed.Take(Frame(7, 0, 10), Start, 1);
        feed.Take(Frame(7, 5, 10), Start, 2);
        Assert.False(feed.IsStale);
        Assert.Equal(15, feed.NextOf(7));
        feed.Take(Frame(7, 25, 10), Start, 3);
        Assert.False(feed.IsStale);
        feed.Take(Frame(7, 15, 10), Start, 4);
        Assert.True(feed.IsStale);
    }

    [Fact]
    public void WhatIsDeclaredLost_IsNoHole_AndALaterBootBeforeAnother_IsLate()
    {
        feed.Take(Frame(7, 0, 10), Start, 0);
        feed.Take(Frame(7, 20, 10, dropped: 10), Start, 1);
        feed.Take(Frame(8, 0, 10), Start + 5_000_000, 2);
        Assert.False(feed.IsStale);
        Assert.Equal(8ul, feed.LastBoot);
        feed.Take(Frame(7, 30, 10), Start, 3);
        Assert.True(feed.IsStale);
    }

    [Fact]
    public void AnAnchorThatMoved_MakesItStale_AndWhatIsCovered_DoesNot()
    {
        feed.CoveredPosition = 10;
        feed.Take(Frame(7, 0, 10), Start, 3);
        Assert.Null(feed.Last);
        feed.Take(Frame(7, 10, 10), Start, 10);
        feed.Take(Frame(7, 20, 10), Start + 1000, 11);
        Assert.True(feed.IsStale);
    }

    [Fact]
    public void TheHandOver_IsBounded_AndMarksWhatItMissed()
    {
        AbuseTaps taps = new(most: 3);
        Assert.Null(taps.Find("n1", "1"));
        taps.Set([("n1", "1"), ("n1", "1")]);
        AbuseTap tap = taps.Find("n1", "1")!;
        for (int i = 0; i < 5; i++)
        {
            taps.Offer(tap, [1, 2, 3], 0, 0, i);
        }

        Assert.Equal((3L, 2L), (taps.HandedCount, taps.DroppedCount));
        Assert.True(tap.TakeIncomplete());
        Assert.False(tap.TakeIncomplete());
        taps.Set([("n1", "1"), ("n2", "1")]);
        Assert.Same(tap, taps.Find("n1", "1"));
    }

    private static SampleFrame Frame(ulong boot, int first, int count, int dropped = 0)
    {
        SampleFrame frame = new(count) { Node = "n1", Channel = "1", Boot = boot, HasBootAnchor = true, BootAnchorUnixMicroseconds = Start };
        CellSample sample = new();
        for (int number = first; number < first + count; number++)
        {
            sample.Clear();
            sample.Number = number;
            sample.UptimeMicroseconds = number * 20_000L;
            sample.SetGood(SampleColumns.Voltage, 4);
            frame.Add(sample);
        }

        frame.DroppedBeforeCount = dropped;
        return frame;
    }
}
