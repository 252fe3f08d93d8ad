using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Packets;

/// <summary>
/// Makes bad packets out of good ones: flipped bits, other bytes, cuts, insertions, lengths that lie (of the packet and of
/// the fields in it), two packets spliced, and now and then noise. The same seed gives the same packets.
/// </summary>
internal sealed class PacketMutator(int seed, MqttProtocolVersion version)
{
    private readonly Random _random = new(seed);
    private readonly byte[][] _originals = [.. SamplePackets.All(version).Select(sample => sample.Bytes)];

    public int Next(int below) => _random.Next(below);

    public byte[] Original() => _originals[_random.Next(_originals.Length)];

    public byte[] Mutated() => Mutated(Original());

    public byte[] Mutated(byte[] original)
    {
        if (_random.Next(20) == 0)
        {
            byte[] noise = new byte[_random.Next(1, 40)];
            _random.NextBytes(noise);
            return noise;
        }

        List<byte> bytes = [.. original];
        for (int count = _random.Next(1, 4); count > 0 && bytes.Count > 0; count--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(8))
            {
                case 0: bytes[at] = (byte)_random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)_random.Next(256)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: LieAboutLength(bytes); break;
                case 6: LieAboutField(bytes, at); break;
                default: Splice(bytes, at); break;
            }
        }

        // Half of them say how long they are, so that what is wrong lies deeper than the header.
        return _random.Next(2) == 0 ? [.. bytes] : WithTrueLength([.. bytes]);
    }

    private void LieAboutLength(List<byte> bytes)
    {
        if (bytes.Count > 1)
        {
            bytes.RemoveAt(1);
            bytes.InsertRange(1, _random.Next(4) switch
            {
                0 => [(byte)_random.Next(128)],
                1 => [(byte)_random.Next(128, 256), (byte)_random.Next(128)],
                2 => [0xFF, 0xFF, 0xFF, 0x7F],
                _ => [0x80, 0x80, 0x80, 0x80, 0x01],
            });
        }
    }

    private void LieAboutField(List<byte> bytes, int at)
    {
        if (at + 1 < bytes.Count)
        {
            bytes[at] = (byte)(_random.Next(2) * 255);
            bytes[at + 1] = (byte)_random.Next(256);
        }
    }

    private void Splice(List<byte> bytes, int at)
    {
        byte[] other = Original();
        int from = _random.Next(other.Length);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other[from..]);
    }

    private static byte[] WithTrueLength(byte[] bytes)
    {
        if (bytes.Length < 2)
        {
            return bytes;
        }

        byte[] body = bytes[2..];
        byte[] header = new byte[5];
        header[0] = bytes[0];
        int headerBytes = 1 + MqttWriter.PutVariableInteger(header.AsSpan(1), (uint)body.Length);
        return [.. header.AsSpan(0, headerBytes), .. body];
    }
}
