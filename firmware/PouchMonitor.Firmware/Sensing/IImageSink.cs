namespace PouchMonitor.Firmware.Sensing;

/// <summary>Takes the images of an infrared array as they are read.</summary>
public interface IImageSink
{
    /// <summary>The array was read whole at this uptime; its pixels are valid until the next reading. Allocates nothing.</summary>
    void Take(Amg8833 array, long uptimeMicroseconds);
}
