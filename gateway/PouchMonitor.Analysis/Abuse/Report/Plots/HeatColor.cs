using System.Globalization;

namespace PouchMonitor.Analysis.Abuse.Report.Plots;

/// <summary>Colours of an infrared image: dark is cold and bright is hot, so that it can be read in grey and by everyone.</summary>
internal static class HeatColor
{
    /// <summary>Steps that are told apart.</summary>
    public const int Steps = 48;

    private static readonly (int Red, int Green, int Blue)[] Stops =
    [
        (16, 10, 50), (66, 16, 110), (130, 36, 110), (190, 56, 80), (232, 98, 40), (248, 160, 40), (252, 220, 110), (255, 252, 215),
    ];

    /// <summary>Step of a temperature between the ends of a scale; 0 is the coldest.</summary>
    public static int StepOf(double valueC, double lowC, double highC) =>
        highC > lowC ? Math.Clamp((int)((valueC - lowC) / (highC - lowC) * Steps), 0, Steps - 1) : 0;

    public static string Of(int step)
    {
        double place = (double)step / (Steps - 1) * (Stops.Length - 1);
        int at = Math.Min((int)place, Stops.Length - 2);
        double share = place - at;
        int Mix(int low, int high) => (int)Math.Round(low + (share * (high - low)));
        return string.Create(
            CultureInfo.InvariantCulture, $"#{Mix(Stops[at].Red, Stops[at + 1].Red):x2}{Mix(Stops[at].Green, Stops[at + 1].Green):x2}{Mix(Stops[at].Blue, Stops[at + 1].Blue):x2}");
    }

    /// <summary>Colour of figures upon a step.</summary>
    public static string InkOn(int step) => step > Steps * 0.62 ? "#000000" : "#ffffff";
}
