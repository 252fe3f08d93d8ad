namespace PouchMonitor.Wire;

/// <summary>Kind of frame; part of its identity.</summary>
public enum FrameKind
{
    /// <summary>Consecutive samples of a channel; every sample travels in exactly one.</summary>
    Samples = 1,

    /// <summary>Fast pre-trigger burst; judged for dips and heat, never integrated into charge.</summary>
    Capture = 2,

    /// <summary>Images of an infrared array, pixel by pixel (<see cref="ImageRules"/>); evidence, judged by its hottest pixel in the samples.</summary>
    Image = 3,
}
