using PouchMonitor.Measurement;

namespace PouchMonitor.Shared.Tests.Measurement;

/// <summary>Packed states, and the sample that carries them.</summary>
public class SensorStatesTests
{
    [Fact]
    public void EveryStateInEveryColumn_IsReadBackAndLeavesTheOthersAlone()
    {
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            foreach (SensorState state in Enum.GetValues<SensorState>())
            {
                uint states = SensorStates.With(SensorStates.AllAbsent, column, state);
                for (int other = 0; other < SampleColumns.Count; other++)
                {
                    Assert.Equal(other == column ? state : SensorState.Absent, SensorStates.Get(states, other));
                }

                Assert.Equal(0u, states & ~SensorStates.Mask);
            }
        }
    }

    [Theory]
    [InlineData(SensorState.Good, true)]
    [InlineData(SensorState.Absent, false)]
    [InlineData(SensorState.Open, false)]
    [InlineData(SensorState.Short, false)]
    [InlineData(SensorState.Frozen, true)]
    [InlineData(SensorState.Saturated, true)]
    [InlineData(SensorState.OutOfRange, true)]
    [InlineData(SensorState.BusError, false)]
    public void State_CarriesAValueOrNot(SensorState state, bool hasValue)
    {
        uint states = SensorStates.With(SensorStates.AllAbsent, 4, state);
        Assert.Equal(hasValue, SensorStates.HasValue(states, 4));
        Assert.Equal(hasValue ? 1u << 12 : 0u, SensorStates.ValueMask(states));
    }

    [Fact]
    public void ValueMask_AgreesWithHasValueForAnyStates()
    {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            uint states = (uint)random.NextInt64(1L << 30);
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                Assert.Equal(SensorStates.HasValue(states, column), (SensorStates.ValueMask(states) >> (3 * column) & 1) == 1);
            }

            Assert.Equal(0u, SensorStates.ValueMask(states) & ~SensorStates.AllAbsent);
        }
    }

    [Fact]
    public void Sample_KeepsACountOnlyWhereItsStateCarriesOne()
    {
        var sample = new CellSample();
        sample.Set(SampleColumns.Surface, SensorState.Frozen, 2500);
        sample.Set(SampleColumns.Infrared, SensorState.Open, 2500);
        sample.SetGood(SampleColumns.Voltage, 20000);
        Assert.Equal((20000L, 2500L, 0L), (sample.Counts[0], sample.Counts[2], sample.Counts[3]));
        Assert.False(sample.HasValue(SampleColumns.Infrared));
        sample.Clear();
        Assert.Equal(SensorStates.AllAbsent, sample.States);
        Assert.All(sample.Counts, count => Assert.Equal(0, count));
    }
}
