using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Moments told by rule, person and node, observation and its end, and that all of it is a function of plan, samples and moments.</summary>
public sealed class AbuseMomentTests
{
    private static Sample Event(double at) => AbuseRun.Of(at, at < 100 ? 4 : 0.1, at < 100 ? 25 : 25 + (2 * Math.Min(at - 100, 20)));

    [Theory]
    [InlineData(95.0, 99.8, TriggerSource.Input, 99.8)]
    [InlineData(95.0, null, TriggerSource.Rule, 100.0)]
    [InlineData(60.0, null, TriggerSource.Command, 60.0)]
    [InlineData(60.0, 99.8, TriggerSource.Command, 60.0)]
    [InlineData(105.0, 100.3, TriggerSource.Input, 100.3)]
    [InlineData(105.0, null, TriggerSource.Rule, 100.0)]
    [InlineData(null, 131.0, TriggerSource.Rule, 100.0)]
    public void OfSeveralMoments_TheInputCountsBeforeTheRule_AndThatBeforeACommand(double? commandS, double? inputS, TriggerSource source, double atS)
    {
        // Whatever the order in which they become known: before all samples, amid them, after them.
        for (int order = 0; order < 3; order++)
        {
            AbuseRun run = new("nail-gb");
            run.Every(0.1, 0, order == 0 ? 0 : order == 1 ? 150 : 200, Event);
            Assert.True(commandS is null || run.Watch.Trigger(TriggerSource.Command, commandS.Value, 0.5, "pressed"));
            Assert.True(inputS is null || run.Watch.Trigger(TriggerSource.Input, inputS.Value, 0.02, "contact closed"));
            run.Every(0.1, order == 0 ? 0 : order == 1 ? 150 : 200, 200, Event);
            AbuseFigures figures = run.End(200);
            Assert.Equal((source, atS), (figures.Trigger!.Source, figures.Trigger.At));
            Assert.Equal(100, figures.Of("timeToDrop25S").At!.Value, 1e-6);
            Assert.Equal(100 - atS, figures.Of("timeToDrop25S").Value!.Value, 1e-6);
        }
    }

    [Fact]
    public void ARebuiltWatch_GivesTheSameFigures_ToTheLastDigit()
    {
        string? first = null;
        for (int order = 0; order < 3; order++)
        {
            AbuseRun run = new("short-un38.3-t5");
            if (order == 0)
            {
                run.Watch.Trigger(TriggerSource.Command, 99, 0.5, "pressed");
                run.Watch.EndExposure(150);
            }

            run.Every(0.02, 0, 120, Event);
            if (order == 1)
            {
                run.Watch.Trigger(TriggerSource.Command, 99, 0.5, "pressed");
            }

            run.Every(0.02, 120, 200, Event);
            if (order == 2)
            {
                run.Watch.Trigger(TriggerSource.Command, 99, 0.5, "pressed");
            }

            if (order > 0)
            {
                run.Watch.EndExposure(150);
            }

            string json = JsonSerializer.Serialize(new AbuseRecord
            {
                Id = "a", Cell = "c", Plan = AbusePlans.Find("nail-gb")!, State = AbuseState.Ended, CreatedAt = 0, CreatedBy = "t", Figures = run.End(200),
            }, AbuseJson.Options);
            first ??= json;
            Assert.Equal(first, json);
        }
    }

    [Fact]
    public void AMomentTooLongAgo_IsNotTakenSilently()
    {
        AbuseRun run = new("nail-gb");
        run.Every(1, 0, 2000, at => AbuseRun.Of(at, 4, 25));
        Assert.False(run.Watch.Trigger(TriggerSource.Command, 100, 0.5, "pressed"));
    }

    [Fact]
    public void TheIecShort_IsWatchedUntilAFifthOfTheRiseIsGone_OrADay()
    {
        // 20 C, rise of 50 K to 70 C at 200 s, then falling by 0.02 K/s: 60 C at 700 s.
        static double Temperature(double at) => at < 100 ? 20 : at < 200 ? 20 + (0.5 * (at - 100)) : 70 - (0.02 * (at - 200));
        AbuseFigures figures = new AbuseRun("short-iec62133").Every(1, 0, 1000, at => AbuseRun.Of(at, at < 100 ? 4 : 0.5, Temperature(at), at < 100 ? 0 : -9)).End(1000);
        Assert.Equal(700, figures.Observation.CompleteAt!.Value, 1.01);

        AbuseRun held = new("short-iec62133");
        held.Every(10, 0, 90_000, at => AbuseRun.Of(at, at < 100 ? 4 : 0.5, at < 100 ? 20 : 45, at < 100 ? 0 : -9));
        Assert.Equal(86_500.0, held.End(90_000).Observation.CompleteAt!.Value);

        AbuseRun flat = new("short-iec62133");
        flat.Every(1, 0, 1000, at => AbuseRun.Of(at, at < 100 ? 4 : 3.9, 20, at < 100 ? 0 : -9));
        AbuseFigures waits = flat.End(1000);
        Assert.Null(waits.Observation.CompleteAt);
        Assert.Contains("there was no rise of 1 K yet", waits.Observation.Waiting[0], StringComparison.Ordinal);
        Assert.Contains("or 24 h from the beginning", waits.Observation.Waiting[1], StringComparison.Ordinal);
    }

    [Fact]
    public void WatchingFromTheEndOfTheExposure_WaitsForIt()
    {
        AbuseRun run = new("short-un38.3-t5");
        run.Every(1, 0, 5000, Event);
        AbuseFigures before = run.Watch.Figures();
        Assert.Null(before.Observation.BeganAt);
        Assert.Contains("the end of the exposure, which a person tells", before.Observation.Waiting[0], StringComparison.Ordinal);
        run.Watch.EndExposure(3700);
        run.Every(10, 5000, 3700 + 21_600 + 20, Event);
        AbuseFigures after = run.Watch.Figures();
        Assert.Equal(3700.0, after.Observation.BeganAt!.Value);
        Assert.Equal(25_300.0, after.Observation.EarliestEndAt!.Value);
        Assert.Equal(25_300.0, after.Observation.CompleteAt!.Value);
    }

    [Fact]
    public void ATimerAlone_IsOverAtItsTime()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.1, 0, 200, Event).Every(1, 200, 3699, Event);
        Assert.Null(run.Watch.Figures(3699.9).Observation.CompleteAt);
        Assert.Equal(3700.0, run.Watch.Figures(3700).Observation.CompleteAt!.Value);
    }

    [Fact]
    public void TheRevision_CountsWhatChanged_AndNothingElse()
    {
        AbuseRun run = new("nail-gb");
        run.Every(0.1, 0, 99.95, Event);
        Assert.Equal(0, run.Watch.Revision);
        run.Add(Event(100)).Add(Event(100.1));
        Assert.True(run.Watch.IsTriggered);
        int triggered = run.Watch.Revision;
        Assert.True(triggered > 0);
        run.Every(0.1, 100.2, 120, Event);
        int runaway = run.Watch.Revision;
        Assert.True(runaway > triggered);
        run.Every(0.1, 120, 200, Event);
        Assert.Equal(runaway, run.Watch.Revision);
        run.Add(AbuseRun.Of(200, 0.1, 0, surface: SensorState.Open));
        Assert.Equal(runaway + 1, run.Watch.Revision);
    }

    [Fact]
    public void AnHourAtFiftyHertz_CostsNoMemoryASample()
    {
        AbuseWatch watch = new(AbusePlans.Find("nail-gb")!, PouchMonitor.Analysis.Profiles.CellProfiles.Default);
        long at = 0;
        void Run(int samples)
        {
            for (int i = 0; i < samples; i++, at++)
            {
                watch.Add(AbuseRun.Of(at / 50.0, 4 + ((at % 7) * 1e-4), 25 + ((at % 11) * 1e-3), secondC: 25 + ((at % 13) * 1e-3)));
            }
        }

        Run(60_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(120_000);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // The thinned series may still join their stretches, and grow once more.
        Assert.True(bytes < 2_000_000, $"{bytes} bytes for 120,000 samples");
        Assert.False(watch.IsTriggered);
    }
}
