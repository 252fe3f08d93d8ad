using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>From the pixels of an image frame to an image in degrees.</summary>
internal static class AbuseImages
{
    /// <summary>The image that begins at a sample of the frame; null where one of its pixels has no value.</summary>
    /// <param name="frame">A decoded frame of images.</param>
    /// <param name="first">Index of its first pixel.</param>
    /// <param name="startMicroseconds">Unix microseconds at uptime zero of its boot.</param>
    public static AbuseImage? Read(SampleFrame frame, int first, long startMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(frame);
        double[] pixelsC = new double[ImageRules.Pixels];
        for (int pixel = 0; pixel < pixelsC.Length; pixel++)
        {
            if (!SensorStates.HasValue(frame.States[first + pixel], SampleColumns.Infrared))
            {
                return null;
            }

            pixelsC[pixel] = ScaledValue.Of(frame.Counts[SampleColumns.Infrared][first + pixel], frame.Scales[SampleColumns.Infrared]);
        }

        return new AbuseImage((startMicroseconds + frame.UptimeMicroseconds[first]) / 1e6, ImageRules.Side, ImageRules.Side, pixelsC);
    }
}
