namespace PouchMonitor.Firmware.Configuration;

/// <summary>The settings of a channel's sensors and captures by name.</summary>
internal static class SensorText
{
    /// <summary>
    /// Sets one; null when it was taken, else one line. <paramref name="name"/> is the whole name for messages,
    /// <paramref name="setting"/> the part that is looked up.
    /// </summary>
    public static string? Set(ChannelConfiguration channel, string setting, string name, string value)
    {
        switch (setting)
        {
            case "muxOutput": return ConfigurationText.Number(name, value, out channel.MultiplexerOutput);
            case "voltageRangeMillivolts": return ConfigurationText.Number(name, value, out channel.VoltageRangeMillivolts);
            case "voltageRatioMillionths": return ConfigurationText.Number(name, value, out channel.VoltageRatioMillionths);
            case "thermocoupleAddress": return ConfigurationText.Number(name, value, out channel.ThermocoupleAddress);
            case "arrayAddress": return ConfigurationText.Number(name, value, out channel.ArrayAddress);
            case "saturationRiseKelvin": return ConfigurationText.Number(name, value, out channel.SaturationRiseKelvin);
            case "saturationWindowSeconds": return ConfigurationText.Number(name, value, out channel.SaturationWindowSeconds);
            case "captureStepMillivolts": return ConfigurationText.Number(name, value, out channel.CaptureStepMillivolts);
            case "captureDipMillivolts": return ConfigurationText.Number(name, value, out channel.CaptureDipMillivolts);
            case "captureCurrentStepMilliamperes":
                return ConfigurationText.Number(name, value, out channel.CaptureCurrentStepMilliamperes);
            case "captureHeatingMillidegreesPerSecond":
                return ConfigurationText.Number(name, value, out channel.CaptureHeatingMillidegreesPerSecond);
            case "captureBeforeMilliseconds": return ConfigurationText.Number(name, value, out channel.CaptureBeforeMilliseconds);
            case "captureAfterMilliseconds": return ConfigurationText.Number(name, value, out channel.CaptureAfterMilliseconds);
            case "imageIntervalSeconds": return ConfigurationText.Number(name, value, out channel.ImageIntervalSeconds);
            case "captureHoldOffSeconds": return ConfigurationText.Number(name, value, out channel.CaptureHoldOffSeconds);
            default: return "there is no setting '" + name + "'";
        }
    }
}
