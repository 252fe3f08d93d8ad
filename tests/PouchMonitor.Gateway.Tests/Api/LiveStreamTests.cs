using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>What a client of the live stream is given, whatever it misses, and that memory stays bounded.</summary>
public sealed class LiveStreamTests
{
    [Fact]
    public void WhoComesBack_GetsWhatItMissed()
    {
        LiveStream stream = new();
        using Reader reader = new(stream, picture: []);
        stream.Send("alarm", "\"a\""u8);
        Show(stream, ("1", 10), ("2", 20));
        reader.ReadAll();
        string id = reader.LastId!;
        stream.Send("alarm", "\"b\""u8);
        Show(stream, ("2", 21));

        using Reader back = new(stream, reader);
        Assert.Null(back.Problem);
        back.ReadAll();
        Assert.Equal(["b"], back.Lasting);
        Assert.Equal(21, back.Channels["2"]);
        Assert.Equal(10, back.Channels["1"]);
        Assert.NotEqual(id, back.LastId);
    }

    [Fact]
    public void WhatIsNotKept_IsSaid()
    {
        LiveStream stream = new(new LiveStreamLimits { LastingEvents = 2 });
        using LiveListener listener = stream.Add()!;
        for (int i = 0; i < 4; i++)
        {
            stream.Send("alarm", "0"u8);
        }

        Assert.Equal("The id of the last event is none of this gateway's.", stream.Resume(listener, "7"));
        Assert.Equal("The id of the last event is none of this gateway's.", stream.Resume(listener, stream.Run + "--1"));
        Assert.Equal("The gateway has been started anew since.", stream.Resume(listener, "0123abcd-3"));
        Assert.Equal("The gateway has been started anew since.", stream.Resume(listener, stream.IdOf(5)));
        Assert.Equal("More has happened since than is kept.", stream.Resume(listener, stream.IdOf(1)));
        Assert.Null(stream.Resume(listener, stream.IdOf(2)));
        stream.SkipCells();
        Assert.Equal("More has happened since than is kept.", stream.Resume(listener, stream.IdOf(4)));
        Assert.Null(stream.Resume(listener, stream.IdOf(5)));
        Assert.Equal(2, stream.Figures.Resumed);
    }

    [Fact]
    public void WhoIsSlow_GetsTheNewestOfEachChannelOnce_AndAlarmsBeforeIt()
    {
        LiveStream stream = new(new LiveStreamLimits { CellBytes = 600 });
        using Reader reader = new(stream, picture: []);
        for (int round = 0; round < 50; round++)
        {
            foreach (int[] part in Enumerable.Range(0, 100).Chunk(20))
            {
                Show(stream, [.. part.Select(channel => (channel.ToString(CultureInfo.InvariantCulture), round))]);
            }
        }

        stream.Send("alarm", "\"late\""u8);
        Assert.True(reader.ReadOnce());
        Assert.Equal(["late"], reader.Lasting);
        Assert.True(reader.Channels.Count is > 0 and < 100);
        Assert.NotEqual(stream.IdOf(stream.LastNumber), reader.LastId); // Cells before it are not delivered yet.
        reader.ReadAll();
        Assert.Equal(100, reader.Channels.Count);
        Assert.All(reader.Channels.Values, value => Assert.Equal(49, value));
        Assert.Equal(100, reader.ChannelsReceived);
        Assert.Equal(stream.IdOf(stream.LastNumber - 1), reader.LastId);
        Assert.True(stream.Figures.Coalesced > 0);
    }

    [Fact]
    public void WhoLosesAlarms_IsToldSo()
    {
        LiveStream stream = new(new LiveStreamLimits { LastingBytes = 500 });
        using LiveListener listener = stream.Add()!;
        for (int i = 0; i < 100; i++)
        {
            stream.Send("alarm", "\"0123456789\""u8);
        }

        stream.Take(listener);
        Assert.True(listener.Batch.IsGap);
        Assert.Empty(listener.Batch.Messages);
        Assert.Equal(1, stream.Figures.Gaps);
    }

    [Fact]
    public void TooManyClients_AreRefused()
    {
        LiveStream stream = new(new LiveStreamLimits { Clients = 1 });
        LiveListener first = stream.Add()!;
        Assert.Null(stream.Add());
        first.Dispose();
        Assert.NotNull(stream.Add());
        Assert.Equal(1, stream.Figures.Refused);
    }

    [Fact]
    public void CellsAreWanted_UntilTheLastHasBeenGoneForAWhile()
    {
        LiveStream stream = new(new LiveStreamLimits { Linger = TimeSpan.FromHours(1) });
        Assert.False(stream.WantsCells);
        LiveListener listener = stream.Add()!;
        Assert.True(stream.WantsCells);
        listener.Dispose();
        Assert.True(stream.WantsCells);
        LiveStream hasty = new(new LiveStreamLimits { Linger = TimeSpan.Zero });
        hasty.Add()!.Dispose();
        Assert.False(hasty.WantsCells);
    }

    [Fact]
    public async Task News_EndsForEverybodyWhoWaits()
    {
        LiveStream stream = new();
        Task[] waiting = [.. Enumerable.Range(0, 1000).Select(_ => stream.News)];
        stream.Send("alarm", "0"u8);
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(stream.News.IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhateverHappens_NothingIsLostUnsaid(int seed)
    {
        Random random = new(seed);
        LiveStream stream = new(new LiveStreamLimits { LastingEvents = 40, CellBytes = 900 });
        Dictionary<string, int> truth = [];
        List<string> said = [];
        List<Reader> readers = [.. Enumerable.Range(0, 8).Select(_ => new Reader(stream, truth))];
        for (int step = 0; step < 20_000; step++)
        {
            int which = random.Next(readers.Count);
            switch (random.Next(10))
            {
                case 0:
                    said.Add(step.ToString(CultureInfo.InvariantCulture));
                    stream.Send("alarm", Encoding.UTF8.GetBytes($"\"{step}\""));
                    break;
                case < 5:
                    (string, int)[] changed = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ =>
                        (random.Next(60).ToString(CultureInfo.InvariantCulture), step)).DistinctBy(one => one.Item1)];
                    Show(stream, changed);
                    foreach ((string channel, int value) in changed)
                    {
                        truth[channel] = value;
                    }

                    break;
                case 5 when random.Next(20) == 0:
                    readers[which].Dispose();
                    readers[which] = new Reader(stream, readers[which], truth);
                    break;
                default:
                    // Readers differ in speed by a hundred times.
                    if (random.Next(1 << which) == 0 && !readers[which].ReadOnce(truth))
                    {
                        Assert.Equal(truth, readers[which].Channels);
                    }

                    break;
            }
        }

        int gaps = 0;
        foreach (Reader reader in readers)
        {
            reader.ReadAll(truth);
            Assert.Equal(truth, reader.Channels);

            // Repeated at most, after a come-back; what is missing lies before a gap that was told.
            List<string> had = [.. reader.Lasting.Distinct(StringComparer.Ordinal)];
            Assert.Equal(had, said.Where(had.Contains));
            string[] since = [.. said.Where(one => int.Parse(one, CultureInfo.InvariantCulture) > reader.LastGap)];
            Assert.Equal(since, had.Where(one => int.Parse(one, CultureInfo.InvariantCulture) > reader.LastGap));
            gaps += reader.Gaps;
            reader.Dispose();
        }

        Assert.True(gaps > 0, $"seed {seed}: no gap");
        Assert.True(stream.Figures.Coalesced > 0, $"seed {seed}: nothing coalesced");
        Assert.True(stream.Figures.Resumed > 0, $"seed {seed}: nothing resumed");
    }

    private static void Show(LiveStream stream, params (string Channel, int Value)[] changed)
    {
        string json = "[" + string.Join(',', changed.Select(one => $"{one.Channel}={one.Value}")) + "]";
        stream.AddCells([.. changed.Select(one => View(one.Channel, one.Value))], Encoding.UTF8.GetBytes(json));
        stream.Wake();
    }

    private static ChannelView View(string channel, int value) => new()
    {
        Node = "n",
        Channel = channel,
        Version = value,
        Tests = [],
        HasSample = false,
        Latest = default(Sample),
        IsLive = true,
        ReceivedMicroseconds = 0,
        DroppedSamples = 0,
        Trend = [],
        Live = null,
        Boots = [],
    };

    // A client: keeps what it was sent, as a dashboard does.
    private sealed class Reader : IDisposable
    {
        private readonly LiveStream stream;
        private readonly LiveListener listener;
        private bool lastGapIsOpen;

        public Reader(LiveStream stream, Dictionary<string, int> picture)
        {
            this.stream = stream;
            listener = stream.Add()!;
            Begin(picture);
        }

        public Reader(LiveStream stream, Reader before, Dictionary<string, int>? picture = null)
        {
            this.stream = stream;
            listener = stream.Add()!;
            Channels = before.Channels;
            LastId = before.LastId;
            Gaps = before.Gaps;
            LastGap = before.LastGap;
            Lasting = picture is null ? [] : before.Lasting;
            Problem = stream.Resume(listener, LastId ?? "");
            if (Problem is not null)
            {
                Begin(picture!);
                Missed();
            }
        }

        public string? Problem { get; }

        public List<string> Lasting { get; } = [];

        public Dictionary<string, int> Channels { get; } = [];

        public int ChannelsReceived { get; private set; }

        public string? LastId { get; private set; }

        public int Gaps { get; private set; }

        public int LastGap { get; private set; } = -1;

        public bool ReadOnce(Dictionary<string, int>? picture = null)
        {
            stream.Take(listener);
            LiveBatch batch = listener.Batch;
            if (batch.IsGap)
            {
                Begin(picture!);
                Missed();
                return true;
            }

            foreach (ReadOnlyMemory<byte> message in batch.Messages)
            {
                foreach (string line in Encoding.UTF8.GetString(message.Span).Split('\n'))
                {
                    Read(line);
                }
            }

            foreach (NewestOfChannel channel in batch.Newest)
            {
                Set(channel.View.Channel, (int)channel.View.Version);
                LastId = stream.IdOf(batch.NewestNumber);
            }

            return !batch.IsEmpty;
        }

        public void ReadAll(Dictionary<string, int>? picture = null)
        {
            while (ReadOnce(picture))
            {
            }
        }

        public void Dispose() => listener.Dispose();

        private void Begin(Dictionary<string, int> picture)
        {
            listener.Lasting = listener.Cells = stream.LastNumber;
            Channels.Clear();
            foreach ((string channel, int value) in picture)
            {
                Channels[channel] = value;
            }

            if (picture.Count > 0)
            {
                LastId = stream.IdOf(stream.LastNumber);
            }
        }

        private void Missed()
        {
            Gaps++;
            LastGap = int.MaxValue - 1;
            lastGapIsOpen = true;
        }

        private void Read(string line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("data: \"", StringComparison.Ordinal))
            {
                string value = line[7..^1];
                if (lastGapIsOpen)
                {
                    // The first after a gap: everything from here on must come.
                    lastGapIsOpen = false;
                    LastGap = int.Parse(value, CultureInfo.InvariantCulture) - 1;
                }

                Lasting.Add(value);
            }
            else if (line.StartsWith("data: [", StringComparison.Ordinal))
            {
                foreach (string[] pair in line[7..^1].Split(',').Select(one => one.Split('=')))
                {
                    Set(pair[0], int.Parse(pair[1], CultureInfo.InvariantCulture));
                }
            }
        }

        private void Set(string channel, int value)
        {
            Assert.True(value >= Channels.GetValueOrDefault(channel), $"channel {channel} went back from {Channels.GetValueOrDefault(channel)} to {value}");
            Channels[channel] = value;
            ChannelsReceived++;
        }
    }
}
