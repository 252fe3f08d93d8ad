using System.Globalization;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// EUCAR hazard level as far as voltage and temperature can propose one: 0 none, 1 protection tripped, 2 damage, 3 leak
/// below 50 % of the electrolyte, 4 vent, 5 fire, 6 rupture, 7 explosion. Only a person can confirm 3 to 7.
/// </summary>
public static class HazardProposal
{
    /// <summary>A cell that lost its voltage is damaged for good.</summary>
    public const int Damage = 2;

    /// <summary>Above this a pouch swells on its electrolyte's vapour (dimethyl carbonate boils at 90 C) and seams may leak.</summary>
    public const double LeakC = 60;

    /// <summary>Polyethylene separators melt near 130 C; pouch seals open.</summary>
    public const double VentC = 130;

    /// <summary>Above this the cathode's oxygen and the electrolyte feed a fire.</summary>
    public const double FireC = 250;

    /// <summary>Level for the highest temperature since the onset, degrees Celsius; null where none is known.</summary>
    public static int LevelOf(double? maximumTemperatureC) => maximumTemperatureC switch
    {
        >= FireC => 5,
        >= VentC => 4,
        >= LeakC => 3,
        _ => Damage,
    };

    /// <summary>The level with its reason, as the end of a message.</summary>
    public static string Describe(double? maximumTemperatureC)
    {
        string reason = LevelOf(maximumTemperatureC) switch
        {
            5 => Above(FireC, "fire is likely"),
            4 => Above(VentC, "venting is likely"),
            3 => Above(LeakC, "swelling or a leak is possible"),
            _ when maximumTemperatureC is null => "the voltage is lost, no temperature is known",
            _ => string.Create(CultureInfo.InvariantCulture, $"the voltage is lost, but it stayed below {LeakC} C"),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"proposed hazard level {LevelOf(maximumTemperatureC)} (EUCAR): {reason}; only a person can confirm 3 to 7");
    }

    private static string Above(double limitC, string meaning) =>
        string.Create(CultureInfo.InvariantCulture, $"above {limitC} C {meaning}");
}
