namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>A hazard of the device's runtime, where in the code, and what it is.</summary>
internal sealed record Finding(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}
