using System;
using PouchMonitor.Measurement;

namespace PouchMonitor.Wire;

/// <summary>What a frame must keep to before it is written; the decoder refuses what does not, under the matching fault.</summary>
internal static class FrameRules
{
    /// <summary>Throws an <see cref="ArgumentException"/> that names the member, its value and the rule.</summary>
    public static void Check(SampleFrame frame)
    {
        if (!TopicNames.IsNodeName(frame.Node))
        {
            throw new ArgumentException("node name '" + frame.Node + "' is not 1 to 64 of A-Z a-z 0-9 . _ -, or is reserved");
        }

        if (!TopicNames.IsName(frame.Channel))
        {
            throw new ArgumentException("channel name '" + frame.Channel + "' is not 1 to 64 of A-Z a-z 0-9 . _ -");
        }

        if (frame.Kind != FrameKind.Samples && frame.Kind != FrameKind.Capture && frame.Kind != FrameKind.Image)
        {
            throw new ArgumentException("kind " + (int)frame.Kind + " has no frame format; 1 (samples), 2 (capture) and 3 (image) have");
        }

        if (frame.Count < 1 || frame.Count > SampleFrame.MaximumSamples || frame.Count > frame.Capacity)
        {
            throw new ArgumentException(
                "sample count " + frame.Count + " is not 1 to " + SampleFrame.MaximumSamples + " and within the capacity " + frame.Capacity);
        }

        CheckNumbers(frame);
        CheckScales(frame);
        CheckSamples(frame);
        DecodeFault fault = frame.Kind == FrameKind.Image ? ImageRules.FaultOf(frame) : DecodeFault.None;
        if (fault != DecodeFault.None)
        {
            throw new ArgumentException(
                "an image frame holds whole images of " + ImageRules.Pixels + " pixels, each with the infrared column alone and all at one"
                + " uptime, and neither counters nor extremes; this one has " + frame.Count + " from number " + frame.FirstSampleNumber
                + " and breaks rule " + (int)fault);
        }
    }

    private static void CheckNumbers(SampleFrame frame)
    {
        if (frame.FirstSampleNumber < 0 || frame.FirstSampleNumber > long.MaxValue - (frame.Count - 1))
        {
            throw new ArgumentException("first sample number " + frame.FirstSampleNumber + " with " + frame.Count + " samples leaves 0 to 2^63-1");
        }

        if (frame.DroppedBeforeCount < 0 || frame.DroppedBeforeCount > frame.FirstSampleNumber)
        {
            throw new ArgumentException(
                "dropped count " + frame.DroppedBeforeCount + " is not 0 to the first sample number " + frame.FirstSampleNumber);
        }

        if (frame.HasChargeCounters && (frame.ChargedCountMicroseconds < 0 || frame.DischargedCountMicroseconds < 0))
        {
            throw new ArgumentException(
                "charge counters " + frame.ChargedCountMicroseconds + " and " + frame.DischargedCountMicroseconds + " may not be negative");
        }
    }

    private static void CheckScales(SampleFrame frame)
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            ColumnScale scale = frame.Scales[column];
            if (scale.Numerator < 1 || scale.Denominator < 1)
            {
                throw new ArgumentException(
                    "scale " + scale.Numerator + "/" + scale.Denominator + " of column " + column + " is not a positive fraction");
            }
        }
    }

    private static void CheckSamples(SampleFrame frame)
    {
        long before = 0;
        for (int i = 0; i < frame.Count; i++)
        {
            long now = frame.UptimeMicroseconds[i];
            if (now < before)
            {
                throw new ArgumentException("uptime " + now + " us of sample " + i + " is below " + before + " us");
            }

            before = now;
            if ((frame.States[i] & ~SensorStates.Mask) != 0)
            {
                throw new ArgumentException("states of sample " + i + " set bits beyond the ten columns");
            }
        }
    }
}
