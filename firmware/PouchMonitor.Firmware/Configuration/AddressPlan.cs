namespace PouchMonitor.Firmware.Configuration;

/// <summary>
/// Holds the bus addresses of a node's channels against each other: two parts that answer at one address on the same wires
/// would be read as one, and one cell taken for another.
/// </summary>
internal static class AddressPlan
{
    private const int PartCount = 6;

    /// <summary>Null when no two parts share an address, else one line.</summary>
    public static string? Fault(ChannelConfiguration[] channels, int multiplexerAddress)
    {
        for (int i = 0; i < channels.Length * PartCount; i++)
        {
            ChannelConfiguration channel = channels[i / PartCount];
            int address = AddressOf(channel, i % PartCount);
            if (address == 0)
            {
                continue;
            }

            if (address == multiplexerAddress && NeedsMultiplexer(channels))
            {
                return "address " + address + " of channel " + channel.Name + " is that of the bus multiplexer";
            }

            for (int other = 0; other < i; other++)
            {
                ChannelConfiguration second = channels[other / PartCount];
                bool share = channel.MultiplexerOutput < 0 || second.MultiplexerOutput < 0
                    || channel.MultiplexerOutput == second.MultiplexerOutput;
                if (share && AddressOf(second, other % PartCount) == address)
                {
                    return "address " + address + " is used twice, on channels " + second.Name + " and " + channel.Name
                        + ", which share their wires (muxOutput)";
                }
            }
        }

        return null;
    }

    /// <summary>True where a channel hangs on the multiplexer.</summary>
    public static bool NeedsMultiplexer(ChannelConfiguration[] channels)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].MultiplexerOutput >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static int AddressOf(ChannelConfiguration channel, int part)
    {
        switch (part)
        {
            case 0: return channel.VoltageAddress;
            case 1: return channel.CurrentAddress;
            case 2: return channel.DividerAddress;
            case 3: return channel.InfraredAddress;
            case 4: return channel.ThermocoupleAddress;
            default: return channel.ArrayAddress;
        }
    }
}
