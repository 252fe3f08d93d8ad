using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Configuration;

/// <summary>
/// Reads a configuration from lines of the form <c>name = value</c>; <c>#</c> begins a comment line, settings of a channel
/// are named <c>channel.NAME.setting</c>. Refuses what it does not know, because a misspelt limit must not pass silently.
/// </summary>
public static class ConfigurationText
{
    /// <summary>The configuration, or null with one line in <paramref name="fault"/> naming line, setting and reason.</summary>
    public static NodeConfiguration? Read(string text, out string fault)
    {
        var configuration = new NodeConfiguration();
        configuration.StoreFlashBytes = NodeConfiguration.UsualStoreFlashBytes;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int equals = line.IndexOf('=');
            if (equals < 1)
            {
                // A line without an equals sign may still hold a password.
                fault = "line " + (i + 1) + ": " + (IsSecret(line) ? "it" : "'" + line + "'") + " is not name = value";
                return null;
            }

            string? reason = Set(configuration, line.Substring(0, equals).Trim(), line.Substring(equals + 1).Trim());
            if (reason != null)
            {
                fault = "line " + (i + 1) + ": " + reason;
                return null;
            }
        }

        string? invalid = configuration.Fault();
        fault = invalid == null ? "" : invalid;
        return invalid == null ? configuration : null;
    }

    /// <summary>True for what must never be shown again: a setting (or a line about one) that holds a password or a key.</summary>
    public static bool IsSecret(string name)
    {
        string lower = name.ToLower();
        return lower.IndexOf("password") >= 0 || lower.IndexOf("secret") >= 0 || lower.IndexOf("token") >= 0;
    }

    private static string? Set(NodeConfiguration to, string name, string value)
    {
        switch (name)
        {
            case "node": to.Node = value; return null;
            case "wifiName": to.WifiName = value; return null;
            case "wifiPassword": to.WifiPassword = value; return null;
            case "brokerHost": to.BrokerHost = value; return null;
            case "brokerUser": to.BrokerUser = value; return null;
            case "brokerPassword": to.BrokerPassword = value; return null;
            case "isBrokerSecure": return Flag(name, value, out to.IsBrokerSecure);
            case "brokerPort": return Number(name, value, out to.BrokerPort);
            case "acquireIntervalMilliseconds": return Number(name, value, out to.AcquireIntervalMilliseconds);
            case "muxAddress": return Number(name, value, out to.MultiplexerAddress);
            case "sampleIntervalMilliseconds": return Number(name, value, out to.SampleIntervalMilliseconds);
            case "publishIntervalMilliseconds": return Number(name, value, out to.PublishIntervalMilliseconds);
            case "frameSampleCount": return Number(name, value, out to.FrameSampleCount);
            case "storeFrameCount": return Number(name, value, out to.StoreFrameCount);
            case "storeBytes": return Number(name, value, out to.StoreBytes);
            case "storeFlashBytes": return Number(name, value, out to.StoreFlashBytes);
            case "timeConfirmSeconds": return Number(name, value, out to.TimeConfirmSeconds);
            case "freesOnStored": return Flag(name, value, out to.FreesOnStored);
            case "brokerCaFile": to.BrokerCaFile = value; return null;
            case "brokerClientCertificateFile": to.BrokerClientCertificateFile = value; return null;
            case "brokerClientKeyFile": to.BrokerClientKeyFile = value; return null;
            case "inFlightCount": return Number(name, value, out to.InFlightCount);
            case "statusIntervalSeconds": return Number(name, value, out to.StatusIntervalSeconds);
            case "triggerInput": return Edge(name, value, out to.TriggerEdge);
            case "triggerDebounceMilliseconds": return Number(name, value, out to.TriggerDebounceMilliseconds);
            default: return SetOfChannel(to, name, value);
        }
    }

    private static string? SetOfChannel(NodeConfiguration to, string name, string value)
    {
        const string Prefix = "channel.";
        int limits = ProtectionText.PointBefore(name);
        int dot = limits < 0 ? name.LastIndexOf('.') : limits;
        if (!name.StartsWith(Prefix) || dot < Prefix.Length + 1)
        {
            return "there is no setting '" + name + "'";
        }

        ChannelConfiguration channel = FindOrAdd(to, name.Substring(Prefix.Length, dot - Prefix.Length));
        string setting = name.Substring(dot + 1);
        if (ProtectionText.TrySet(channel.Protection, setting, value, out string? fault))
        {
            return fault == null ? null : "channel." + channel.Name + "." + fault;
        }

        switch (setting)
        {
            case "label": channel.Label = value; return null;
            case "voltageAddress": return Number(name, value, out channel.VoltageAddress);
            case "currentAddress": return Number(name, value, out channel.CurrentAddress);
            case "dividerAddress": return Number(name, value, out channel.DividerAddress);
            case "infraredAddress": return Number(name, value, out channel.InfraredAddress);
            case "shuntMicroohms": return Number(name, value, out channel.ShuntMicroohms);
            case "isShuntReversed": return Flag(name, value, out channel.IsShuntReversed);
            case "thermistorSeriesOhms": return Number(name, value, out channel.ThermistorSeriesOhms);
            case "thermistorOhmsAt25C": return Number(name, value, out channel.ThermistorOhmsAt25C);
            case "thermistorBetaKelvin": return Number(name, value, out channel.ThermistorBetaKelvin);
            case "frozenRepeatLimit": return Number(name, value, out channel.FrozenRepeatLimit);
            default: return SensorText.Set(channel, setting, name, value);
        }
    }

    private static ChannelConfiguration FindOrAdd(NodeConfiguration to, string channelName)
    {
        for (int i = 0; i < to.Channels.Length; i++)
        {
            if (to.Channels[i].Name == channelName)
            {
                return to.Channels[i];
            }
        }

        var channels = new ChannelConfiguration[to.Channels.Length + 1];
        System.Array.Copy(to.Channels, 0, channels, 0, to.Channels.Length);
        var added = new ChannelConfiguration();
        added.Name = channelName;
        channels[to.Channels.Length] = added;
        to.Channels = channels;
        return added;
    }

    internal static string? Number(string name, string value, out int number) =>
        int.TryParse(value, out number) ? null : name + " is '" + value + "', must be a whole number";

    private static string? Edge(string name, string value, out Sampling.TriggerEdge edge)
    {
        edge = value == "closing" ? Sampling.TriggerEdge.Closing
            : value == "opening" ? Sampling.TriggerEdge.Opening
            : Sampling.TriggerEdge.None;
        return edge != Sampling.TriggerEdge.None || value == "none" ? null : name + " is '" + value + "', must be none, closing or opening";
    }

    internal static string? Flag(string name, string value, out bool flag)
    {
        flag = value == "true";
        return flag || value == "false" ? null : name + " is '" + value + "', must be true or false";
    }
}
