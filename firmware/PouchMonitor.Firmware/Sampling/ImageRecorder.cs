using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Sends an image of a channel's infrared array from time to time. Images are evidence of where a cell is hot; what is
/// judged is the hottest spot, which travels in every sample. One that the store has no room for is declared lost by the
/// next.
/// </summary>
public sealed class ImageRecorder : IImageSink
{
    private const long MicrosecondsPerSecond = 1000000;

    private readonly string channel;
    private readonly string topic;
    private readonly long intervalMicroseconds;
    private readonly ImageWriter writer;
    private long nextNumber;
    private long nextMicroseconds;
    private long undeclaredDrops;

    public ImageRecorder(string node, string channel, int intervalSeconds, ImageWriter writer)
    {
        this.channel = channel;
        this.writer = writer;
        topic = TopicNames.Frame(node, channel);
        intervalMicroseconds = intervalSeconds * MicrosecondsPerSecond;
    }

    /// <summary>Images lost since boot because the store was full.</summary>
    public long DroppedCount { get; private set; }

    /// <inheritdoc/>
    public void Take(Amg8833 array, long uptimeMicroseconds)
    {
        if (uptimeMicroseconds < nextMicroseconds)
        {
            return;
        }

        nextMicroseconds = uptimeMicroseconds + intervalMicroseconds;
        if (writer.Write(channel, topic, array, uptimeMicroseconds, nextNumber, undeclaredDrops))
        {
            undeclaredDrops = 0;
        }
        else
        {
            undeclaredDrops += ImageRules.Pixels;
            DroppedCount++;
        }

        nextNumber += ImageRules.Pixels;
    }
}
