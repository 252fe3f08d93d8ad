using System.Globalization;
using System.Text;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>What each cell of a row means, worked out once from the header line.</summary>
internal sealed class SeriesHeader
{
    /// <summary>Most cells a header may have.</summary>
    public const int MaximumCells = 256;

    public const int Ignored = -1;

    /// <summary>A contact temperature for which a sample has no place.</summary>
    public const int Unkept = -2;
    public const int Time = 100;
    public const int Cycle = 101;
    public const int Step = 102;
    public const int ChargeCapacity = 103;
    public const int DischargeCapacity = 104;
    public const int UnixTime = 105;
    public const int States = 106;
    public const int VoltageMinimum = 107;
    public const int ChargeEnergy = 112;
    public const int DischargeEnergy = 108;

    /// <summary>Charge counted in the direction of the current, Ah.</summary>
    public const int Capacity = 109;

    /// <summary>Charge in less charge out since some beginning, Ah.</summary>
    public const int NetCapacity = 111;

    /// <summary>Energy counted in the direction of the current, Wh.</summary>
    public const int Energy = 110;

    /// <summary>Force of an indenter, N, and the same in other units.</summary>
    public const int Force = 113;
    public const int ForceKilonewtons = 114;
    public const int ForcePounds = 115;

    /// <summary>Displacement of an indenter, mm, and the same in other units.</summary>
    public const int Displacement = 116;
    public const int DisplacementMetres = 117;
    public const int DisplacementMicrometres = 118;

    private const int RoleCount = 119;

    private const string Needed = "time_s and voltage_V (current_A, temperature_C or temperatureN_C, ambient_C, infrared_C may stand beside them), or those of the Battery Data Format";

    private SeriesHeader(string[] names, int[] roles)
    {
        Names = names;
        Roles = roles;
    }

    /// <summary>Names as written.</summary>
    public string[] Names { get; }

    /// <summary>A sample column (0 to 9), one of the roles above, or ignored.</summary>
    public int[] Roles { get; }

    /// <summary>True when the line names what a series needs.</summary>
    public static bool IsComplete(string line)
    {
        int[] roles = [.. SplitNames(line).Select(RoleOf)];
        return (roles.Contains(Time) || roles.Contains(UnixTime)) && roles.Contains(SampleColumns.Voltage);
    }

    /// <summary>Maps a header line; a byte-order mark is taken off.</summary>
    /// <param name="line">The header.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="needsVoltage">False where temperatures alone will do.</param>
    /// <exception cref="SeriesFileException">Needed columns are missing or one is there twice.</exception>
    public static SeriesHeader Parse(ReadOnlySpan<byte> line, string file, bool needsVoltage = true)
    {
        string[] names = SplitNames(Encoding.UTF8.GetString(line).TrimStart('\uFEFF'));
        if (names.Length > MaximumCells)
        {
            throw new SeriesFileException(
                string.Create(CultureInfo.InvariantCulture, $"{file}: header has {names.Length} columns, the most is {MaximumCells}"));
        }

        int[] roles = new int[names.Length];
        bool[] taken = new bool[RoleCount];
        for (int i = 0; i < names.Length; i++)
        {
            int role = RoleOf(names[i]);
            if (role >= SampleColumns.FirstTemperature && role < SampleColumns.Count && taken[role])
            {
                role = FreeExtra(taken);
            }

            if (role >= 0)
            {
                if (taken[role])
                {
                    throw new SeriesFileException(
                        $"{file}: header names column {names[i]} twice; found {Listed(names)}");
                }

                taken[role] = true;
            }

            roles[i] = role;
        }

        UseUnixTime(roles);
        bool hasReadings = taken[SampleColumns.Voltage]
            || (!needsVoltage && taken.AsSpan(SampleColumns.FirstTemperature, SampleColumns.Count - SampleColumns.FirstTemperature).Contains(true));
        return (taken[Time] || taken[UnixTime]) && hasReadings
            ? new SeriesHeader(names, roles)
            : throw new SeriesFileException($"{file}: columns cannot be mapped: found {Listed(names)}; needed {Needed}; --columns reads any table, such as --columns \"time=NAME/s,voltage=NAME/V,surface=NAME/C\"");
    }

    // Where a file gives both, the time on the clock is the sample's time.
    private static void UseUnixTime(int[] roles)
    {
        if (Array.IndexOf(roles, UnixTime) is var at and >= 0)
        {
            roles.AsSpan().Replace(Time, Ignored);
            roles[at] = Time;
        }
    }

    internal static string Listed(string[] names)
    {
        const int Most = 200;
        var text = new StringBuilder();
        foreach (char c in string.Join(", ", names))
        {
            text.Append(char.IsControl(c) ? '?' : c);
        }

        return text.Length == 0 ? "none" : text.Length <= Most ? text.ToString() : text.ToString(0, Most) + "...";
    }

    /// <summary>Names of a header line, which may stand in quotes; a line that is in quotes as a whole is taken out of them.</summary>
    internal static string[] SplitNames(string line, char delimiter = ',')
    {
        var names = new List<string>();
        var name = new StringBuilder();
        bool quoted = false;
        if (line.Length > 2 && line[0] == '"' && line.IndexOf('"', 1) == line.Length - 1)
        {
            line = line[1..^1];
        }

        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == delimiter && !quoted)
            {
                names.Add(name.ToString().Trim());
                name.Clear();
            }
            else
            {
                name.Append(c);
            }
        }

        names.Add(name.ToString().Trim());
        return [.. names];
    }

    private static int RoleOf(string name) => name.ToUpperInvariant() switch
    {
        "TIME_S" => Time,
        "VOLTAGE_V" => SampleColumns.Voltage,
        "CURRENT_A" => SampleColumns.Current,
        "CYCLE" => Cycle,
        "STEP" => Step,
        "CHARGE_CAPACITY_AH" => ChargeCapacity,
        "DISCHARGE_CAPACITY_AH" => DischargeCapacity,
        "FORCE_N" or "LOAD_N" => Force,
        "FORCE_KN" or "LOAD_KN" => ForceKilonewtons,
        "FORCE_LBF" or "LOAD_LBF" => ForcePounds,
        "DISPLACEMENT_MM" or "STROKE_MM" => Displacement,
        "DISPLACEMENT_M" or "STROKE_M" => DisplacementMetres,
        "DISPLACEMENT_UM" or "STROKE_UM" => DisplacementMicrometres,
        var upper => BatteryDataColumns.RoleOf(upper) is var role and not Ignored ? role : TemperatureOf(upper),
    };

    /// <summary>temperature_C and temperature1_C are the surface; temperature2_C and on the further contact sensors.</summary>
    private static int TemperatureOf(string upper)
    {
        if (!upper.EndsWith("_C", StringComparison.Ordinal))
        {
            return Ignored;
        }

        if (upper.StartsWith("AMBIENT", StringComparison.Ordinal))
        {
            return SampleColumns.Ambient;
        }

        if (upper.StartsWith("INFRARED", StringComparison.Ordinal) || upper.StartsWith("IR_", StringComparison.Ordinal))
        {
            return SampleColumns.Infrared;
        }

        const string Temperature = "TEMPERATURE";
        if (!upper.StartsWith(Temperature, StringComparison.Ordinal))
        {
            return Ignored;
        }

        string number = upper[Temperature.Length..^2];
        if (number.Length == 0)
        {
            return SampleColumns.Surface;
        }

        bool known = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1;
        int column = n == 1 ? SampleColumns.Surface : SampleColumns.FirstExtraSurface + n - 2;
        return !known ? Ignored : n <= 1 + SampleColumns.Count - SampleColumns.FirstExtraSurface ? column : Unkept;
    }

    private static int FreeExtra(bool[] taken)
    {
        for (int column = SampleColumns.FirstExtraSurface; column < SampleColumns.Count; column++)
        {
            if (!taken[column])
            {
                return column;
            }
        }

        return Unkept;
    }
}
