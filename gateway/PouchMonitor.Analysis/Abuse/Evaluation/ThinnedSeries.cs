namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// A quantity over a whole test in bounded memory: lowest and highest of each stretch, at first a tenth of a second; when there are too
/// many, stretches are joined in pairs. Nothing that stands out is ever thinned away.
/// </summary>
internal sealed class ThinnedSeries
{
    private const int Capacity = 4096;
    private const long FirstWidthMicroseconds = 100_000;

    private readonly List<Stretch> stretches = new(64);
    private long widthMicroseconds = FirstWidthMicroseconds;
    private long originMicroseconds;

    /// <summary>True once there was a value.</summary>
    public bool Any { get; private set; }

    /// <summary>Adds a value; NaN where it is lost.</summary>
    public void Add(long timeMicroseconds, double value)
    {
        if (stretches.Count == 0)
        {
            originMicroseconds = timeMicroseconds;
        }

        Any |= !double.IsNaN(value);
        long place = (timeMicroseconds - originMicroseconds) / widthMicroseconds;
        if (stretches.Count > 0 && stretches[^1].Place == place)
        {
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(stretches)[^1].Take(timeMicroseconds, value);
            return;
        }

        if (stretches.Count == Capacity)
        {
            Join();
            Add(timeMicroseconds, value);
            return;
        }

        Stretch stretch = Stretch.At(place);
        stretch.Take(timeMicroseconds, value);
        stretches.Add(stretch);
    }

    /// <summary>Adds the points between two times, ascending; a stretch in which the value was lost ends with none.</summary>
    /// <param name="fromMicroseconds">Later than this.</param>
    /// <param name="toMicroseconds">Earlier than this.</param>
    /// <param name="withRunning">True for the stretch that is not over too.</param>
    /// <param name="points">Taken to.</param>
    public void CopyTo(long fromMicroseconds, long toMicroseconds, bool withRunning, List<(long TimeMicroseconds, double Value)> points)
    {
        int count = withRunning ? stretches.Count : stretches.Count - 1;
        for (int i = 0; i < count; i++)
        {
            Stretch one = stretches[i];
            bool lowFirst = one.LowMicroseconds <= one.HighMicroseconds;
            Put(lowFirst ? one.LowMicroseconds : one.HighMicroseconds, lowFirst ? one.Low : one.High);
            if (one.LowMicroseconds != one.HighMicroseconds)
            {
                Put(lowFirst ? one.HighMicroseconds : one.LowMicroseconds, lowFirst ? one.High : one.Low);
            }

            if (one.LostMicroseconds != long.MinValue)
            {
                Put(one.LostMicroseconds, double.NaN);
            }
        }

        void Put(long time, double value)
        {
            if (time > fromMicroseconds && time < toMicroseconds)
            {
                points.Add((time, value));
            }
        }
    }

    private void Join()
    {
        widthMicroseconds *= 2;
        int kept = 0;
        for (int i = 0; i < stretches.Count; i++)
        {
            Stretch one = stretches[i];
            one.Place /= 2;
            if (kept > 0 && stretches[kept - 1].Place == one.Place)
            {
                Stretch joined = stretches[kept - 1];
                joined.Join(in one);
                stretches[kept - 1] = joined;
            }
            else
            {
                stretches[kept++] = one;
            }
        }

        stretches.RemoveRange(kept, stretches.Count - kept);
    }

    private struct Stretch
    {
        public long Place;
        public long LowMicroseconds;
        public long HighMicroseconds;
        public long LostMicroseconds;
        public double Low;
        public double High;

        public static Stretch At(long place) => new() { Place = place, LostMicroseconds = long.MinValue, Low = double.NaN, High = double.NaN };

        public void Take(long time, double value)
        {
            if (double.IsNaN(value))
            {
                LostMicroseconds = time;
                LowMicroseconds = double.IsNaN(Low) ? time : LowMicroseconds;
                HighMicroseconds = double.IsNaN(High) ? time : HighMicroseconds;
                return;
            }

            if (!(value >= Low))
            {
                (Low, LowMicroseconds) = (value, time);
            }

            if (!(value <= High))
            {
                (High, HighMicroseconds) = (value, time);
            }
        }

        public void Join(in Stretch next)
        {
            if (!double.IsNaN(next.Low))
            {
                Take(next.LowMicroseconds, next.Low);
                Take(next.HighMicroseconds, next.High);
            }

            LostMicroseconds = Math.Max(LostMicroseconds, next.LostMicroseconds);
        }
    }
}
