using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Whatever goes in comes out.</summary>
public class RoundTripTests
{
    [Fact]
    public void TypicalFrame_ComesBackEqual()
    {
        foreach (int count in new[] { 1, 2, 3, 31, 32, 60, 63, 64, 65, 127, 128, 129, 1000, 4096 })
        {
            SampleFrame frame = TypicalFrames.Noisy(count, count);
            byte[] bytes = Frames.Encode(frame);
            Assert.Null(Frames.Difference(frame, Frames.Decode(bytes)));
            Assert.Equal(bytes, Frames.Encode(Frames.Decode(bytes)));
        }
    }
}
