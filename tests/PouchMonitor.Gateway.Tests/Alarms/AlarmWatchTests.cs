using System.Collections.Concurrent;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Tests.Mqtt;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>What goes on for ever in a gateway outlives a fault of one turn, and tells it.</summary>
public sealed class AlarmWatchTests
{
    [Fact]
    public async Task AfterAnAlarmThatCannotBeShown_TheNextIsToldShownAndPublished()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options);
        GatewayServices services = bench.Gateway.Services;
        ConcurrentQueue<AlarmNotice> told = new();
        services.Notices = told.Enqueue;
        long now = services.NowMicroseconds();
        services.Alarms.Raise("bad", "bad@1", AlarmRig.Finding("thermal-limit", now) with { Observed = double.PositiveInfinity }, now, "n1");
        await Soon.Until(() => services.Counters.Faults > 0 && told.Any(notice => notice.Alarms[0].Cell == "bad"));
        services.Alarms.Raise("good", "good@1", AlarmRig.Finding("thermal-limit", now, FindingSeverity.Emergency), services.NowMicroseconds(), "n2");
        await Soon.Until(() => told.Any(notice => notice.Priority == AlarmPriority.Emergency && notice.Alarms.Any(alarm => alarm.Cell == "good")));
        await Soon.Until(() => services.Mqtt!.RetainedMessages.Any(message => System.Text.Encoding.UTF8.GetString(message.TopicUtf8) == "pouch/v1/alarm/good/thermal-limit"));
        await Soon.Until(() => services.Alarms.List().Any(alarm => alarm.Cell == GatewayRules.Self));
    }

    [Fact]
    public async Task AFaultOfOneLook_IsCounted_AndTheNextLooks()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options);
        GatewayServices services = bench.Gateway.Services;
        AlarmWatch watch = new(services, []);
        using CancellationTokenSource stop = new();
        int looks = 0;
        Task run = watch.Run(() => Interlocked.Increment(ref looks) == 2 ? throw new ArithmeticException("no clock") : services.NowMicroseconds(), stop.Token);
        await Soon.Until(() => Volatile.Read(ref looks) > 3 || run.IsFaulted);
        await stop.CancelAsync();
        await run;
        Assert.Equal((1L, "A look at the alarms failed: no clock"), (services.Counters.Faults, services.Counters.Fault));
    }
}
