using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Tests;

/// <summary>A part that answers with the bytes a test gives, whatever it is asked; records what was written.</summary>
internal sealed class ScriptedPort : II2cPort
{
    private readonly Dictionary<byte, byte[]> answers = [];

    public List<byte[]> Written { get; } = [];

    /// <summary>How every transfer ends.</summary>
    public I2cOutcome Outcome { get; set; }

    public void Answer(byte register, params byte[] bytes) => answers[register] = bytes;

    public I2cOutcome Write(byte[] bytes, int count)
    {
        Written.Add(bytes[..count]);
        return Outcome;
    }

    public I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount)
    {
        byte[] answer = answers.GetValueOrDefault(toWrite[0], []);
        for (int i = 0; i < readCount; i++)
        {
            toRead[i] = i < answer.Length ? answer[i] : (byte)0xFF;
        }

        return Outcome;
    }
}
