using System.Numerics;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Between which moments the thermal runaway of GB 38031-2025 lies, where its rate, voltage and temperature are read with doubt. The rule
/// itself is judged twice more: with all readings as favourable to it as their half widths allow, which gives the earliest moment, and as
/// unfavourable, which gives the latest. To first order that is the law of propagation, <c>u(t) = u(r) / |dr/dt|</c> at the crossing
/// (JCGM 100:2008, 5.1.2); judged at both ends it holds as well where the rate grows unevenly or hardly at all.
/// <para>
/// <c>u(r)</c> is <see cref="AbuseBudget.HeldRateCPerS"/> at 1 C/s, for each sensor. It counts four standard deviations of the noise, since
/// any of the hundred and more readings of a hold may break it, or let it begin too soon: what a broken hold adds is thus within the latest
/// moment. The earliest reaches back to the beginning of the present stretch in which the rule may hold by any sensor, and to the first moment at
/// which it may have been met by all of them, which every sensor that looks at the cell tells where it was.
/// </para>
/// <para>
/// Each sensor is judged by its readings and by their running mean, whose noise is less: where a rate grows slowly the mean tells more,
/// where it grows fast the readings do. What both allow may be, what one of them proves is. The mean has the weights
/// <c>exp(-age / 0.15 s)</c> and remembers what was before a hold, so it has to hold for 0.6 s less, at 2 % (e^-4) less.
/// </para>
/// </summary>
/// <param name="maximumC">The maker's maximum, C; infinite where none is known.</param>
/// <param name="sensors">What is known of the temperature sensors.</param>
internal sealed class RunawayDoubt(double maximumC, SensorClass sensors)
{
    private const double MeanMicroseconds = 150_000;
    private const double MemoryS = 4 * MeanMicroseconds / 1e6;
    private static readonly double MeanShare = 1 - Math.Exp(-4);
    private static readonly LimitRow MeanRow = LimitTable.RunawayRate with { HoldS = LimitTable.RunawayRate.HoldS - MemoryS };

    private readonly Judged?[] columns = new Judged?[SampleColumns.Count];
    private uint mayHold;
    private long? mayHoldSinceMicroseconds;
    private long? allMayHoldMicroseconds;
    private double initialV = double.NaN;
    private double voltageDoubtV;

    /// <summary>Earliest moment of the runaway that the rule has told, microseconds; null before it has.</summary>
    public long? EarliestMicroseconds { get; private set; }

    /// <summary>Latest moment, microseconds; null while the rule is not met beyond doubt, so that it may not have been met at all.</summary>
    public long? LatestMicroseconds { get; private set; }

    /// <summary>Takes a sample after the rule has.</summary>
    /// <param name="timeMicroseconds">Its time.</param>
    /// <param name="believed">Columns whose temperature is believed in it, one bit each.</param>
    /// <param name="tracks">Of the temperatures, by column.</param>
    /// <param name="basis">What the rule judges beside the rate.</param>
    /// <param name="isQuiet">True while nothing happens to the cell, for the noise.</param>
    /// <param name="metMicroseconds">When the rule was met; null while it is not.</param>
    public void Add(long timeMicroseconds, uint believed, SensorTrack?[] tracks, in RunawayBasis basis, bool isQuiet, long? metMicroseconds)
    {
        if (LatestMicroseconds is not null)
        {
            return;
        }

        if (!basis.InitialV.Equals(initialV))
        {
            initialV = basis.InitialV;
            voltageDoubtV = AbuseBudget.VoltageV(initialV, scatterV: 0, sensors) ?? 0;
        }

        bool surely = false;
        (double highC, double lowC) = (double.NegativeInfinity, double.NegativeInfinity);
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest);
            SensorTrack track = tracks[column]!;
            Judged judged = columns[column] ??= new Judged();
            surely |= judged.Add(timeMicroseconds, track, sensors, isQuiet);
            mayHold = judged.MayHold ? mayHold | (1u << column) : mayHold & ~(1u << column);
            if (double.IsFinite(maximumC) && judged.IsNear)
            {
                double half = judged.TemperatureK ??= AbuseBudget.TemperatureK(column, maximumC, sensors, track.NoiseK, track.StepK);
                (highC, lowC) = (Math.Max(highC, track.LastC + half), Math.Max(lowC, track.LastC - half));
            }
        }

        ForgetSilent(timeMicroseconds);
        bool mayBe = mayHold != 0 && basis.With(voltageDoubtV, highC).HasSecondCondition(maximumC);
        mayHoldSinceMicroseconds = mayBe ? mayHoldSinceMicroseconds ?? timeMicroseconds : null;
        allMayHoldMicroseconds ??= mayBe && believed != 0 && (believed & ~mayHold) == 0 ? timeMicroseconds : null;
        if (metMicroseconds is { } met)
        {
            EarliestMicroseconds ??= Math.Min(Math.Min(mayHoldSinceMicroseconds ?? met, allMayHoldMicroseconds ?? met), met);
            bool isSure = surely && basis.With(-voltageDoubtV, lowC).HasSecondCondition(maximumC);
            LatestMicroseconds = isSure ? Math.Max(timeMicroseconds, met) : null;
        }
    }

    /// <summary>A sensor that has gone says nothing of the present stretch.</summary>
    private void ForgetSilent(long timeMicroseconds)
    {
        for (uint rest = mayHold; rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest);
            if (timeMicroseconds - columns[column]!.LastMicroseconds > LimitTable.LongestRateIntervalMicroseconds)
            {
                mayHold &= ~(1u << column);
            }
        }
    }

    /// <summary>One sensor's rate, held against the limit with its doubt for and against.</summary>
    private sealed class Judged
    {
        private readonly RecentReadings means = new();
        private Hold early;
        private Hold late;
        private Hold meanEarly;
        private Hold meanLate;
        private ReadingNoise meanNoise;
        private double meanC = double.NaN;

        public long LastMicroseconds { get; private set; } = long.MinValue;

        /// <summary>True when the rate may be at its limit now.</summary>
        public bool IsNear { get; private set; }

        /// <summary>True when it may have been for long enough.</summary>
        public bool MayHold { get; private set; }

        /// <summary>Half width of its temperature at the maker's maximum, K.</summary>
        public double? TemperatureK { get; set; }

        /// <summary>Takes a reading; true when the rate has surely held for long enough.</summary>
        public bool Add(long timeMicroseconds, SensorTrack track, SensorClass sensors, bool isQuiet)
        {
            LimitRow row = LimitTable.RunawayRate;
            double half = HalfCPerS(track, track.LargestNoiseK, sensors);
            IsNear = track.RateCPerS >= row.Raise - half;
            bool mayHold = early.ForMoreThan(IsNear, timeMicroseconds, row);
            bool surely = late.ForMoreThan(track.RateCPerS >= row.Raise + half, timeMicroseconds, row);

            double meanRate = FollowMean(timeMicroseconds, track.LastC, isQuiet);
            double meanHalf = HalfCPerS(track, Math.Min(meanNoise.LargestK, track.LargestNoiseK), sensors);
            MayHold = mayHold & meanEarly.ForMoreThan(meanRate >= (MeanShare * row.Raise) - meanHalf, timeMicroseconds, MeanRow);
            return surely | meanLate.ForMoreThan(meanRate >= row.Raise + meanHalf, timeMicroseconds, row);
        }

        private static double HalfCPerS(SensorTrack track, double noiseK, SensorClass sensors) => AbuseBudget.HeldRateCPerS(
            LimitTable.RunawayRate.Raise, LimitTable.RateSpanMicroseconds / 1e6, sensors, noiseK, track.NoiseK, track.StepK);

        private double FollowMean(long timeMicroseconds, double celsius, bool isQuiet)
        {
            double weight = double.IsNaN(meanC) ? 1 : 1 - Math.Exp((LastMicroseconds - timeMicroseconds) / MeanMicroseconds);
            meanC = weight >= 1 ? celsius : meanC + (weight * (celsius - meanC));
            LastMicroseconds = timeMicroseconds;
            meanNoise.Add(timeMicroseconds, meanC, isQuiet);
            means.Add(timeMicroseconds, meanC);
            return means.Rate(timeMicroseconds, meanC, LimitTable.LongestRateIntervalMicroseconds);
        }
    }
}
