using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>What a bench does to a series: noise, odd sampling, cables, weather, pauses, other rates, sensors that drift.</summary>
internal static class AdversarialCases
{
    private const double HourS = 3600;

    public static IEnumerable<CaseKind> All =>
    [
        Kind("healthy-noise", seed => Healthy(seed, Recording(seed) with { NoiseFactor = Bench.Dice(seed, 51).LogBetween(1, 10) })),
        Kind("healthy-slow-sampling", seed => Healthy(seed, Recording(seed) with { Cycles = 15, IntervalS = 10, StepS = 5 })),
        Kind("healthy-fast-sampling", seed => Healthy(seed, Fast(seed))),
        Kind("healthy-swings", seed => Healthy(seed, Recording(seed) with { Cycles = 15, IntervalS = 10 },
            samples => samples.Swing(Bench.Dice(seed, 52).Between(1, 2), 86_400))),
        Kind("healthy-glitches", seed => Healthy(seed, Recording(seed), samples => samples.Glitch(0.0005, seed), [RuleNames.BadReading])),
        Kind("healthy-pauses", seed => Healthy(seed, Recording(seed), samples => Pauses(samples, seed))),
        Kind("healthy-rates", ChangedRates),
        Kind("healthy-drift", seed => Healthy(seed, Recording(seed), samples => samples.Add(
            SampleColumns.Surface, timeS => Bench.Dice(seed, 53).NextWithin(0.1) * timeS / HourS))),
        Kind("healthy-frozen-unnoticed", seed => Healthy(seed, Recording(seed), samples => samples.FreezeUnnoticed(
            SampleColumns.Surface, sample => sample.TimeMicroseconds / 1e6 > 4 * HourS), [RuleNames.SensorFault])),
        Kind("hard-short-noise", seed => ShortCases.Hard(seed, 1, Bench.Dice(seed, 54).LogBetween(1, 10))),
        Kind("hard-short-slow-sampling", seed => ShortCases.Hard(seed, 10, 1)),
        Kind("runaway-noise", seed => HeatCases.Runaway(seed, HeatCases.Kinetics[(int)(seed % 3)], 1, Bench.Dice(seed, 55).LogBetween(1, 10))),
        Kind("runaway-fast-sampling", seed => HeatCases.Runaway(seed, HeatCases.Kinetics[(int)(seed % 3)], 0.1, 1)),
        Kind("runaway-frozen-unnoticed", RunawayFrozenUnnoticed),
        Kind("fade-noise-pauses", FadeUnderNoise),
    ];

    private static CaseKind Kind(string name, Func<ulong, EvaluationCase> make) => new(CaseSet.Adversarial, name, make);

    private static NodeRecording Recording(ulong seed) =>
        new() { Cell = Bench.Steady(seed), Seed = seed, Cycles = 5, StepS = 2, IntervalS = 2 };

    /// <summary>Ten a second for an hour and a half, or a hundred for some minutes, around the end of a charge.</summary>
    private static NodeRecording Fast(ulong seed) => seed % 2 == 0
        ? Recording(seed) with { Cycles = 1, StepS = 0.1, IntervalS = 0.1, UntilS = 1.5 * HourS }
        : Recording(seed) with { Cycles = 1, StepS = 0.01, IntervalS = 0.01, UntilS = 900 };

    private static EvaluationCase Healthy(
        ulong seed, NodeRecording recording, Func<IEnumerable<Sample>, IEnumerable<Sample>>? spoil = null, IReadOnlyList<string>? allowed = null)
    {
        IEnumerable<Sample> samples = recording.Samples(new CaseTruth());
        return new EvaluationCase
        {
            Name = $"healthy/{seed}",
            Profile = Bench.ProfileOf(recording.Cell.Name),
            Samples = spoil is null ? samples : spoil(samples),
            Allowed = allowed ?? [],
        };
    }

    private static IEnumerable<Sample> Pauses(IEnumerable<Sample> samples, ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 56);
        for (int i = 0; i < 3; i++)
        {
            samples = samples.Pause(dice.Between(1, 20) * HourS, dice.LogBetween(60, 12 * HourS));
        }

        return samples.Gap(dice.Between(3, 15) * HourS, dice.LogBetween(60, HourS));
    }

    /// <summary>Three cycles, two at another rate, and so on: as in a rate test.</summary>
    private static EvaluationCase ChangedRates(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 57);
        EmulatedCellProfile cell = Bench.Steady(seed);
        double other = dice.LogBetween(0.2, 1.5);
        CyclerProtocol protocol = cell.Protocol with { Blocks = [new(3, 0.5, 0.5), new(2, 0.5, other), new(2, 0.3, 0.3)] };
        return Healthy(seed, Recording(seed) with { Cell = cell, Protocol = protocol, Cycles = 14, StepS = 5, IntervalS = 10 });
    }

    /// <summary>The device does not notice that its thermistor froze before the runaway; the infrared goes on.</summary>
    private static EvaluationCase RunawayFrozenUnnoticed(ulong seed)
    {
        NodeRecording recording = HeatCases.RunawayRecording(seed, HeatCases.Kinetics[(int)(seed % 3)], 1, 1);
        var truth = new CaseTruth();
        double frozenS = recording.Fault!.AtS - 60;
        return new EvaluationCase
        {
            Name = "frozen",
            Profile = Bench.ProfileOf(recording.Cell.Name),
            Samples = recording.Samples(truth).FreezeUnnoticed(SampleColumns.Surface, sample => sample.TimeMicroseconds / 1e6 >= frozenS),
            DangerFromS = () => frozenS,
            Expected = () =>
            [
                new Expectation(
                    [RuleNames.ThermalRunaway, RuleNames.SensorFault], truth.FaultS, truth.EndS,
                    double.IsFinite(truth.RunawayS) ? truth.RunawayS : truth.EndS) { SensorMustLatch = true },
            ],
        };
    }

    private static EvaluationCase FadeUnderNoise(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 58);
        int life = (int)dice.Between(25, 60);
        EmulatedCellProfile cell = Bench.Steady(seed) with { Retention = new Simulation.RetentionCurve((1, 1), (life, 0.8)) };
        var truth = new CaseTruth();
        var recording = new NodeRecording
        {
            Cell = cell, Seed = seed, Cycles = life + 8, StepS = 10, IntervalS = 10, NoiseFactor = dice.LogBetween(1, 10),
        };
        double pauseS = dice.Between(1, 100) * HourS;
        double pausedS = dice.Between(1, 48) * HourS;
        double Moved(double timeS) => timeS >= pauseS ? timeS + pausedS : timeS;
        return new EvaluationCase
        {
            Name = "fade",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(truth).Swing(2, 86_400).Pause(pauseS, pausedS),
            Expected = () => [.. FadeCases.Crossing(truth).Select(each => each with
            {
                FromS = Moved(each.FromS), UntilS = Moved(each.UntilS), FailureS = Moved(each.FailureS),
            })],
        };
    }
}
