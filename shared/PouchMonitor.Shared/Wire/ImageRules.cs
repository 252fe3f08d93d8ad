using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>
/// What an image frame keeps to besides the rules of every frame: whole images of 8 by 8 pixels, row by row, each pixel a
/// sample with the infrared column alone, all 64 of an image at one uptime.
/// </summary>
public static class ImageRules
{
    /// <summary>Pixels of a row, and rows of an image.</summary>
    public const int Side = 8;

    /// <summary>Pixels of one image.</summary>
    public const int Pixels = Side * Side;

    // Infrared may be in any state, every other column is absent.
    private const uint InfraredBits = 7u << (3 * SampleColumns.Infrared);

    /// <summary>The first rule that an image frame breaks, or none.</summary>
    public static DecodeFault FaultOf(SampleFrame frame)
    {
        if (frame.HasChargeCounters || frame.HasVoltageExtremes)
        {
            return DecodeFault.ReservedBits;
        }

        if (frame.Count % Pixels != 0 || frame.FirstSampleNumber % Pixels != 0 || frame.DroppedBeforeCount % Pixels != 0)
        {
            return DecodeFault.BadCount;
        }

        for (int i = 0; i < frame.Count; i++)
        {
            if (frame.UptimeMicroseconds[i] != frame.UptimeMicroseconds[i - (i % Pixels)])
            {
                return DecodeFault.BadTime;
            }

            if ((frame.States[i] & ~InfraredBits) != (SensorStates.AllAbsent & ~InfraredBits))
            {
                return DecodeFault.BadStates;
            }
        }

        return DecodeFault.None;
    }
}
