using PouchMonitor.Gateway.Links;

namespace PouchMonitor.Upstream.MqttNet.Tests;

/// <summary>The contract, kept by the link over this project's own client.</summary>
public sealed class ClientBrokerLinkTests : LinkContract
{
    protected override void SkipWhereAbsent()
    {
        // It is part of the gateway.
    }

    protected override IBrokerLink Create(BrokerLinkOptions options) => new ClientBrokerLink(options);
}
