using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>
/// What a gateway does on arrival, without its disk: decodes every frame, takes each identity once, demands the same bytes
/// when it comes again, and says on <c>stored</c> what it has.
/// </summary>
internal sealed class FrameCollector
{
    private readonly Dictionary<(ulong Boot, string Channel, FrameKind Kind, long First, int Count), byte[]> bytesOf = [];
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private ulong newestBoot;

    /// <summary>What is known of each boot and channel.</summary>
    public Dictionary<(ulong Boot, string Channel), Stream> Streams { get; } = [];

    public Dictionary<ulong, long> Anchors { get; } = [];

    public List<JsonElement> Events { get; } = [];

    public long RepeatedFrames { get; private set; }

    public long FrameCount => bytesOf.Count;

    public long Bytes { get; private set; }

    public long LiveFrames { get; private set; }

    /// <summary>Told of every frame as it arrives, those that come again included.</summary>
    public Action<string, byte[]>? OnFrame { get; set; }

    public void Take(string topic, byte[] payload)
    {
        if (topic.EndsWith("/event", StringComparison.Ordinal))
        {
            Events.Add(JsonDocument.Parse(payload).RootElement.Clone());
        }
        else if (topic.EndsWith("/frame", StringComparison.Ordinal))
        {
            TakeFrame(topic, payload);
            OnFrame?.Invoke(topic, payload);
        }
    }

    /// <summary>The gateway's word: the newest boot, and the boots before.</summary>
    public byte[] Stored()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"boot\":\"{newestBoot:x16}\",\"channels\":{Channels(newestBoot)},\"boots\":{{");
        text.AppendJoin(',', Streams.Keys.Select(key => key.Boot).Distinct().TakeLast(4).Select(boot => $"\"{boot:x16}\":{Channels(boot)}"));
        return Encoding.UTF8.GetBytes(text.Append("}}").ToString());
    }

    private string Channels(ulong boot) => "{" + string.Join(',', Streams.Where(pair => pair.Key.Boot == boot).Select(pair =>
        $"\"{pair.Key.Channel}\":{{\"committed\":{pair.Value.CommittedBelow},\"analysed\":{pair.Value.CommittedBelow}}}")) + "}";

    private void TakeFrame(string topic, byte[] payload)
    {
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
        Assert.Equal(TopicNames.Frame(frame.Node, frame.Channel), topic);
        var identity = (frame.Boot, frame.Channel, frame.Kind, frame.FirstSampleNumber, frame.Count);
        if (bytesOf.TryGetValue(identity, out byte[]? before))
        {
            Assert.Equal(before, payload);
            RepeatedFrames++;
            return;
        }

        bytesOf.Add(identity, payload);
        Bytes += payload.Length;
        LiveFrames += frame.IsLive ? 1 : 0;
        newestBoot = frame.Boot;
        if (frame.HasBootAnchor)
        {
            if (!Anchors.TryAdd(frame.Boot, frame.BootAnchorUnixMicroseconds))
            {
                Assert.Equal(Anchors[frame.Boot], frame.BootAnchorUnixMicroseconds);
            }
        }

        if (!Streams.TryGetValue((frame.Boot, frame.Channel), out Stream? stream))
        {
            stream = new Stream();
            Streams.Add((frame.Boot, frame.Channel), stream);
        }

        stream.Take(frame);
    }

    /// <summary>The samples of one boot and channel.</summary>
    internal sealed class Stream
    {
        private readonly List<long> uptimes = [];

        /// <summary>Uptime of each sample by its number; -1 where none came, -2 where it was declared lost.</summary>
        public IReadOnlyList<long> Uptimes => uptimes;

        public long DroppedCount { get; private set; }

        public int CommittedBelow { get; private set; }

        /// <summary>Counters of the frame with the highest number.</summary>
        public long LastNumber { get; private set; } = -1;

        public long Charged { get; private set; }

        public long Discharged { get; private set; }

        public void Take(SampleFrame frame)
        {
            DroppedCount += frame.DroppedBeforeCount;
            while (uptimes.Count < frame.FirstSampleNumber)
            {
                uptimes.Add(-1);
            }

            for (long lost = frame.FirstSampleNumber - frame.DroppedBeforeCount; lost < frame.FirstSampleNumber; lost++)
            {
                Assert.True(uptimes[(int)lost] < 0, "a sample that came was declared lost");
                uptimes[(int)lost] = -2;
            }

            for (int i = 0; i < frame.Count; i++)
            {
                int number = (int)frame.FirstSampleNumber + i;
                while (uptimes.Count <= number)
                {
                    uptimes.Add(-1);
                }

                Assert.True(uptimes[number] < 0, "a sample came in two frames");
                uptimes[number] = frame.UptimeMicroseconds[i];
            }

            while (CommittedBelow < uptimes.Count && uptimes[CommittedBelow] != -1)
            {
                CommittedBelow++;
            }

            long last = frame.FirstSampleNumber + frame.Count - 1;
            if (last > LastNumber)
            {
                LastNumber = last;
                Charged = frame.ChargedCountMicroseconds;
                Discharged = frame.DischargedCountMicroseconds;
            }
        }
    }
}
