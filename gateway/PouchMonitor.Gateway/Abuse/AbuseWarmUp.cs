using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Takes a made-up cell through a runaway once, while the first test is prepared: what a gateway does for the first time it does slowly, since its
/// code is compiled then, and the first event of a gateway's life is as likely as any to be the one that counts. Nothing of it is stored,
/// shown or counted.
/// </summary>
internal static class AbuseWarmUp
{
    private const int RateHz = 50;
    private const int QuietSamples = 6 * RateHz;
    private const int Samples = 12 * RateHz;
    private const int SamplesPerFrame = 10;

    private static int begun;

    /// <summary>Begins it with the first test of this process, beside all other work.</summary>
    /// <param name="onFault">Told where it fails, which ends nothing but itself.</param>
    public static void Once(Action<string> onFault)
    {
        if (Interlocked.Exchange(ref begun, 1) == 0)
        {
            new Thread(() => Guarded(onFault)) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "abuse-warm-up" }.Start();
        }
    }

    private static void Guarded(Action<string> onFault)
    {
        try
        {
            Run();
        }
#pragma warning disable CA1031 // Told and counted; an exception of a thread would end the gateway.
        catch (Exception error)
#pragma warning restore CA1031
        {
            onFault($"The warm-up of the abuse desk failed: {error.Message}");
        }
    }

    /// <returns>True where it got as far as a real one: the event begun, the runaway met.</returns>
    public static bool Run()
    {
        AbusePlan plan = AbusePlans.BuiltIn.First(one => one.Kind == AbuseKind.Nail);
        AbuseWatch watch = new(plan, CellProfiles.Default, ruleFromS: 0);
        AbuseRecord record = new()
        {
            Id = "warm-up", Cell = "warm-up", Node = "n", Channel = "1", Plan = plan, State = AbuseState.Armed, CreatedAt = 0, CreatedBy = "", ArmedAt = 0,
        };
        Sample sample = default;
        for (int i = 0; i < Samples; i++)
        {
            double burntS = Math.Max(0, (double)(i - QuietSamples) / RateHz);
            sample.Number = i;
            sample.TimeMicroseconds = (long)i * 1_000_000 / RateHz;
            Set(ref sample, SampleColumns.Voltage, burntS > 0 ? 0.1 : 4.1);
            Set(ref sample, SampleColumns.Current, 0);
            Set(ref sample, SampleColumns.Surface, 25 + (20 * burntS));
            Set(ref sample, SampleColumns.Infrared, 25 + (20 * burntS));
            Set(ref sample, SampleColumns.Ambient, 25);
            watch.Add(in sample);
            if (i % SamplesPerFrame == 0)
            {
                record = Show(record, watch.Figures((double)i / RateHz), i);
            }
        }

        return record.State == AbuseState.Observing && AbuseJudgement.Worst(record with { Figures = watch.Figures() }) == "met";
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }

    private static AbuseRecord Show(AbuseRecord record, AbuseFigures figures, int revision)
    {
        AbuseRecord next = AbuseJudgement.Apply(record, figures, figures.LastAt ?? 0);
        AbuseRecord shown = AbuseSights.Judge(next with { Figures = figures });
        _ = JsonBytes.Write(writer => AbuseEventJson.Write(writer, shown, revision));
        _ = JsonSerializer.SerializeToUtf8Bytes(shown, AbuseJson.Options);
        return next;
    }
}
