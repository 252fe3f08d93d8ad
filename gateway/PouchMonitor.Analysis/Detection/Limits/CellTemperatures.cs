using System.Numerics;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>The believed temperatures of the cell itself (never ambient): those of this sample, and the last of each sensor.</summary>
internal sealed class CellTemperatures
{
    private readonly double[] last = new double[SampleColumns.Count];
    private uint known;

    /// <summary>Columns believed in this sample, one bit each.</summary>
    public uint Believed { get; private set; }

    /// <summary>Column of the highest; meaningful where one is believed.</summary>
    public int HighestColumn { get; private set; } = SampleColumns.Surface;

    /// <summary>Highest believed in this sample; NaN where none is.</summary>
    public double Highest { get; private set; } = double.NaN;

    /// <summary>Highest of the last believed readings of all sensors, lost ones included; NaN where there never was one.</summary>
    public double HighestWithLost()
    {
        if (known == Believed)
        {
            return Highest;
        }

        double highest = double.NaN;
        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            if ((known & (1u << column)) != 0 && !(last[column] <= highest))
            {
                highest = last[column];
            }
        }

        return highest;
    }

    public void Add(in Sample sample)
    {
        uint believed = 0;
        double highest = double.NaN;
        for (uint columns = CellReadings.GoodTemperatures(sample.States); columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            double value = sample.Values[column];
            if (!double.IsFinite(value))
            {
                continue;
            }

            last[column] = value;
            believed |= 1u << column;
            if (!(value <= highest))
            {
                highest = value;
                HighestColumn = column;
            }
        }

        Believed = believed;
        Highest = highest;
        known |= believed;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(known);
        RawState.Write<double>(writer, last);
    }

    public void Load(BinaryReader reader)
    {
        known = reader.ReadUInt32();
        RawState.Read<double>(reader, last);
        Believed = 0;
        Highest = double.NaN;
    }
}
