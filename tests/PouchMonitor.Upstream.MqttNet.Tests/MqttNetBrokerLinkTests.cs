using PouchMonitor.Gateway.Links;

namespace PouchMonitor.Upstream.MqttNet.Tests;

/// <summary>The same contract, kept by the link over MQTTnet.</summary>
public sealed class MqttNetBrokerLinkTests : LinkContract
{
    protected override void SkipWhereAbsent()
        => Assert.SkipUnless(MqttNetBrokerLink.IsRestored, "MQTTnet is not restored here; build with -p:UpstreamPackages=true");

    protected override IBrokerLink Create(BrokerLinkOptions options) => new MqttNetBrokerLink(options);
}
