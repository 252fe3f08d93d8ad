using System.Globalization;
using PouchMonitor.Analysis.Measures;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>What each figure of a report means, and by which published definition.</summary>
internal static class MethodPart
{
    private static readonly (string Term, string Meaning)[] Notes =
    [
        ("Sign and time", "A positive current charges the cell. Times are those of the record; a reading that cannot be true is reported as bad-reading and enters no figure."),
        ("Cycle", "A charge and the discharge that follows it, numbered from 1, cut from the samples alone; the file's own cycle and step columns take no part. A half cell opens with its discharge."),
        ("Capacity, energy", "Trapezoid of the current within a step, and the interval that leads into it with the step's own current; energy is voltage over that charge. A gap longer than ten sampling intervals (60 s to 600 s) is never filled in."),
        ("Coulombic and energy efficiency", "What came out over what went in, in the same cycle; in a half cell the inverse. ± is one standard deviation from the channel's calibration, where one is known. Of a full cell with lithium in excess it says nothing about the lithium left."),
        ("Retention", "Main capacity over that of the reference cycle: the first usable one of the kind of which the test is made, none before the one that the profile names. Only like is compared: rate within 10 %, end of discharge within a tenth of the voltage span, temperature within 8 K."),
        ("End of life", "Crossed when one of the next two comparable cycles confirms it (as the Aurora cycler manager does). The projection is the Theil–Sen line through the last 30 comparable cycles, its interval the rank interval of the slope from Kendall's score at 95 % (Sen 1968; Gilbert 1987, section 16.5)."),
        ("Polarization, gap", "Mean charge voltage less mean discharge voltage, each energy over charge (Aurora cycler manager). It grows ahead of capacity loss in lithium-metal cells."),
        ("Resistance of a current step", "Change of voltage over change of current, against the last sample at least 0.5 s before the edge; after 1, 10, 18 and 30 s. Not told where sampling is too slow to define it (steps as in ISO 12405 and IEC 61960; reading as PyProBE does)."),
        ("dQ/dV", string.Create(CultureInfo.InvariantCulture, $"Charge that passed at each voltage, on a grid of {1000 * DifferentialCurve.GridV:0.#} mV, smoothed by a Gaussian of {1000 * DifferentialCurve.SmoothingV:0.#} mV standard deviation, from the constant-current part of a half that ran through at one rate. Area is counted from foot to foot without a baseline; separation is the charge peak's voltage less that of the discharge peak of the same reaction. Compare heights at one smoothing and positions at one rate only.")),
        ("Held", "Charge that went in while the voltage was held."),
        ("Beside a cohort", "Cycle by cycle: the median of the cohort's cells and their spread, 1.4826 times the median absolute deviation (at least 0.002 of retention, 0.0005 of coulombic efficiency, 0.01 of polarization growth). Each cell counts relative to its own reference cycle; verdicts only between cells whose references ran at like rate, window and temperature. The limit of 3.5 is that of Iglewicz and Hoaglin (1993)."),
        ("Thermal runaway", "As GB 38031-2025 states it: voltage more than 25 % below the initial one, or temperature at the maker's maximum, and a rise of 1 °C/s for more than 3 s. A proposed hazard level (EUCAR) awaits a person."),
        ("Severity", "Advisory: look when you have time. Warning: this test is going wrong. Critical: act now. Emergency: the cell is dangerous."),
    ];

    private static readonly (string Label, string Meaning)[] Qualities =
    [
        ("complete", "charged and discharged in full; takes part in every comparison"),
        ("partial", "starts or ends part-way, such as the first or last cycle of a test"),
        ("gapped", "a gap in the record that is not filled in; takes no part in fade"),
        ("unusual", "pulses, rate steps or more charge out than in; takes no part in fade"),
    ];

    public static void Write(HtmlText html)
    {
        html.Raw("<section class=\"methods\" id=\"methods\"><h2>What the figures mean</h2>\n<dl>");
        foreach ((string term, string meaning) in Notes)
        {
            html.Raw("<div><dt>").Text(term).Raw("</dt><dd>").Text(meaning).Raw("</dd></div>\n");
        }

        html.Raw("<div><dt>Quality of a cycle</dt><dd>");
        foreach ((string label, string meaning) in Qualities)
        {
            html.Raw("<b>").Text(label).Raw("</b>: ").Text(meaning).Raw("<br>");
        }

        html.Raw("</dd></div></dl></section>\n");
    }
}
