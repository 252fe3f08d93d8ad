namespace MQTTnet.Protocol
{
    public enum MqttQualityOfServiceLevel
    {
        AtMostOnce = 0,
        AtLeastOnce = 1,
        ExactlyOnce = 2,
    }
}

namespace MQTTnet.Formatter
{
    public enum MqttProtocolVersion
    {
        Unknown = 0,
        V311 = 4,
        V500 = 5,
    }
}

namespace MQTTnet.Packets
{
    public sealed class MqttTopicFilter
    {
        public string Topic { get; set; } = "";

        public Protocol.MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }
    }
}
