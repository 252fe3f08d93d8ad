using System.Collections.Frozen;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>How a column of a .mpr file is stored.</summary>
internal enum BioLogicType
{
    /// <summary>A bit of the one byte that all flags share.</summary>
    Flag = 0,
    Byte = 1,
    Word = 2,
    Int = 3,
    Float = 4,
    Double = 5,
}

/// <summary>
/// Numbers of the columns of a BioLogic .mpr file, how each is stored and what of them is read, as found out by the authors of
/// galvani (BioLogic.py); the maker does not publish them. A file with another number is refused, since the
/// length of its records would be guessed.
/// </summary>
internal static class BioLogicColumns
{
    private static readonly int[] Flags = [1, 2, 3, 21, 31, 65];
    private static readonly int[] Bytes = [509];
    private static readonly int[] Words = [39, 131];
    private static readonly int[] Integers = [212, 213, 468, 469];
    private static readonly int[] Doubles = [4, 7, 11, 13, 23, 24, 74, 123, 124, 125, 126, 211, 438, 467, 498, 499, 500, 501, 502];
    private static readonly int[] Floats =
    [
        5, 6, 8, 9, 16, 17, 19, 20, 26, 27, 32, 33, 34, 35, 36, 37, 38, 69, 70, 75, 76, 77, 78, 96, 98, 99, 100, 101,
        163, 168, 169, 172, 173, 174, 178, 179, 217, 218, 220, 221, 223, 224, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239,
        240, 241, 242, 271, 272, 301, 302, 331, 332, 361, 362, 391, 392, 422, 423, 424, 425, 426, 430, 431, 432, 433, 434, 435,
        441, 462, 471, 473, 474, 476, 477, 479, 480, 486, 487, 488, 489, 490, 491, 492, 493, 494, 495, 496, 497, 505,
    ];

    private static readonly FrozenDictionary<int, BioLogicType> Types = new[]
        {
            (Flags, BioLogicType.Flag), (Bytes, BioLogicType.Byte), (Words, BioLogicType.Word), (Integers, BioLogicType.Int),
            (Doubles, BioLogicType.Double), (Floats, BioLogicType.Float),
        }
        .SelectMany(group => group.Item1.Select(id => (Id: id, Type: group.Item2)))
        .ToFrozenDictionary(pair => pair.Id, pair => pair.Type);

    /// <summary>
    /// Columns that are read: number, role, decimal places from its unit to the base unit, name. Of several for one role the
    /// first that a file has is taken.
    /// </summary>
    public static readonly (int Id, int Role, int Shift, string Name)[] Read =
    [
        (4, SeriesHeader.Time, 0, "time/s"),
        (6, SampleColumns.Voltage, 0, "Ewe/V"),
        (77, SampleColumns.Voltage, 0, "<Ewe>/V"),
        (174, SampleColumns.Voltage, 0, "<Ewe>/V"),
        (8, SampleColumns.Current, 3, "I/mA"),
        (76, SampleColumns.Current, 3, "<I>/mA"),
        (11, SampleColumns.Current, 3, "<I>/mA"),
        (462, SampleColumns.Surface, 0, "Temperature/C"),
        (24, SeriesHeader.Cycle, 0, "cycle number"),
        (469, SeriesHeader.Cycle, 0, "z cycle"),
        (213, SeriesHeader.Cycle, 0, "z cycle"),
        (131, SeriesHeader.Step, 0, "Ns"),
        (498, SeriesHeader.ChargeCapacity, 3, "Q charge/mA.h"),
        (499, SeriesHeader.DischargeCapacity, 3, "Q discharge/mA.h"),
        (467, SeriesHeader.Capacity, 3, "Q charge/discharge/mA.h"),
        (211, SeriesHeader.Capacity, 3, "Q charge/discharge/mA.h"),
        (13, SeriesHeader.NetCapacity, 3, "(Q-Qo)/mA.h"),
        (123, SeriesHeader.ChargeEnergy, 0, "Energy charge/W.h"),
        (124, SeriesHeader.DischargeEnergy, 0, "Energy discharge/W.h"),
    ];

    /// <summary>Charge since the record before, mA.h: what the current is worked out from where a file has none.</summary>
    public static readonly int[] ChargeSteps = [7, 23];

    /// <summary>Frequency of an impedance record, Hz.</summary>
    public const int Frequency = 32;

    /// <summary>How a column is stored; null where its number is not known.</summary>
    public static BioLogicType? TypeOf(int id) => Types.TryGetValue(id, out BioLogicType type) ? type : null;

    public static int SizeOf(BioLogicType type) => type switch
    {
        BioLogicType.Double => 8,
        BioLogicType.Float or BioLogicType.Int => 4,
        BioLogicType.Word => 2,
        _ => 1,
    };
}
