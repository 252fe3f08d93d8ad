using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Tests.Pipeline;

public class ChannelAdmissionTests
{
    [Fact]
    public void ANode_HasSixtyFourChannels_AndNoMore_WhateverItDoes()
    {
        ChannelAdmission admission = new();
        for (int channel = 1; channel <= ChannelAdmission.MostPerNode; channel++)
        {
            Assert.True(admission.Admit("n1", $"c{channel}"));
        }

        Assert.False(admission.Admit("n1", "one-more"));
        Assert.True(admission.Admit("n1", "c1"));
        Assert.True(admission.Admit("n2", "one-more"));
    }
}
