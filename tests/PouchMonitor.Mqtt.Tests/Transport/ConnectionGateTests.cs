using System.Net;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Tests.Transport;

public sealed class ConnectionGateTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TenThousandFromOneAddress_ComeInAtOnce_AndAgainAfterBeingCutOff()
    {
        var gate = new ConnectionGate(new MqttServerOptions());
        for (int wave = 0; wave < 2; wave++)
        {
            var tickets = new List<ConnectionGate.Ticket>();
            for (int node = 0; node < 10_000; node++)
            {
                Assert.Equal(GateAnswer.Enter, gate.Enter(Here, 0, out ConnectionGate.Ticket ticket));
                tickets.Add(ticket);
            }

            Assert.Equal(10_000, gate.Pending);
            Assert.Equal(GateAnswer.Enter, gate.Enter(There, 0, out ConnectionGate.Ticket other)); // others get in meanwhile
            other.GiveBack();
            tickets.ForEach(ticket => ticket.GiveBack());
        }
    }

    [Fact]
    public void OverTheRate_OneAddressIsShutOut_UntilTimeHasPassed()
    {
        var gate = new ConnectionGate(new MqttServerOptions { ConnectBurstPerAddress = 3, ConnectRatePerAddress = 2 });
        Assert.Equal([GateAnswer.Enter, GateAnswer.Enter, GateAnswer.Enter, GateAnswer.TooFast], Enter(gate, Here, 4, at: 0));
        Assert.Equal([GateAnswer.Enter], Enter(gate, There, 1, at: 0));
        Assert.Equal([GateAnswer.TooFast], Enter(gate, Here, 1, at: 499));
        Assert.Equal([GateAnswer.Enter, GateAnswer.TooFast], Enter(gate, Here, 2, at: 500));
        Assert.Equal([GateAnswer.Enter, GateAnswer.Enter, GateAnswer.Enter, GateAnswer.TooFast], Enter(gate, Here, 4, at: 60_000));
    }

    [Fact]
    public void OverTheRateOfAll_EveryAddressIsShutOut()
    {
        var gate = new ConnectionGate(new MqttServerOptions { ConnectBurst = 2, ConnectRate = 1 });
        Assert.Equal([GateAnswer.Enter, GateAnswer.Enter], Enter(gate, Here, 2, at: 0));
        Assert.Equal([GateAnswer.TooFast], Enter(gate, There, 1, at: 0));
        Assert.Equal([GateAnswer.Enter], Enter(gate, There, 1, at: 1000));
    }

    [Fact]
    public void PendingOnes_AreBounded_ForAnAddressAndForAll()
    {
        var gate = new ConnectionGate(new MqttServerOptions { MaximumPendingConnectionsPerAddress = 2, MaximumPendingConnections = 3 });
        Assert.Equal(GateAnswer.Enter, gate.Enter(Here, 0, out ConnectionGate.Ticket first));
        Assert.Equal([GateAnswer.Enter, GateAnswer.TooManyPending], Enter(gate, Here, 2, at: 0));
        Assert.Equal([GateAnswer.Enter, GateAnswer.TooManyPending], Enter(gate, There, 2, at: 0));
        first.GiveBack();
        first.GiveBack();
        Assert.Equal(2, gate.Pending);
        Assert.Equal([GateAnswer.Enter, GateAnswer.TooManyPending], Enter(gate, Here, 2, at: 0));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void AnIPv6Net_AndAMappedAddress_CountAsOne(string one, string other, bool isOne)
    {
        var gate = new ConnectionGate(new MqttServerOptions { MaximumPendingConnectionsPerAddress = 1 });
        Assert.Equal([GateAnswer.Enter], Enter(gate, IPAddress.Parse(one), 1, at: 0));
        Assert.Equal([isOne ? GateAnswer.TooManyPending : GateAnswer.Enter], Enter(gate, IPAddress.Parse(other), 1, at: 0));
    }

    [Fact]
    public void MoreAddressesThanAreRemembered_ShareOnePlace_UntilOthersAreForgotten()
    {
        var gate = new ConnectionGate(new MqttServerOptions { MaximumPendingConnectionsPerAddress = 1, MaximumPendingConnections = 100_000, ConnectBurstPerAddress = 5 });
        for (uint address = 1; address <= 10_000; address++)
        {
            Assert.Equal([GateAnswer.Enter], Enter(gate, new IPAddress(address), 1, at: 0));
        }

        Assert.Equal([GateAnswer.Enter], Enter(gate, new IPAddress(10_001), 1, at: 0));
        Assert.Equal([GateAnswer.TooManyPending], Enter(gate, new IPAddress(10_002), 1, at: 0));

        var forgets = new ConnectionGate(new MqttServerOptions { MaximumPendingConnectionsPerAddress = 1 });
        for (uint address = 1; address <= 10_002; address++)
        {
            Assert.Equal(GateAnswer.Enter, forgets.Enter(new IPAddress(address), 1000 + (address * 2), out ConnectionGate.Ticket ticket));
            ticket.GiveBack();
        }
    }

    private static GateAnswer[] Enter(ConnectionGate gate, IPAddress address, int times, long at)
        => [.. Enumerable.Range(0, times).Select(_ => gate.Enter(address, at, out ConnectionGate.Ticket _))];
}
