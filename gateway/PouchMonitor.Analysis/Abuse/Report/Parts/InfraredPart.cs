using PouchMonitor.Analysis.Abuse.Report.Plots;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>Infrared images of the moments that matter: the first, the one at the trigger, the hottest, the last.</summary>
internal sealed class InfraredPart(PartWriter write, AbuseView view)
{
    private readonly HtmlText html = write.Html;

    public void Write()
    {
        write.Section("infrared", "Infrared images");
        AbuseImage[] images = [.. view.Input.Images.Where(InfraredDrawing.CanDraw)];
        if (images.Length == 0)
        {
            write.None(view.Input.Images.Count == 0 ? "No infrared image was recorded." : "No recorded infrared image can be drawn: none has a temperature for each of its pixels.").EndSection();
            return;
        }

        (AbuseImage Image, string Name)[] chosen = [.. Chosen(images)];
        double low = chosen.Min(one => one.Image.TemperaturesC.Where(double.IsFinite).Min());
        double high = chosen.Max(one => Hottest(one.Image));
        html.Raw("<p class=\"note\">").Figure(images.Length, "N0").Raw(images.Length == 1 ? " image was recorded" : " images were recorded")
            .Raw(view.Input.Images.Count > images.Length ? " that can be drawn" : "")
            .Raw(". One scale for all that are shown; figures upon an image are the highest of their block, in °C.</p>\n<div class=\"plots infrared\">\n");
        var drawing = new InfraredDrawing(html, low, high);
        foreach ((AbuseImage image, string name) in chosen)
        {
            html.Raw("<figure class=\"plot\"><figcaption>").Text(name).Raw("</figcaption><p class=\"note\">").Text(AbuseMoment.Text(image.At));
            if (view.Zero is not null)
            {
                html.Raw(", ");
                AbuseMoment.WriteRelative(html, image.At, view.Zero);
                html.Raw(" after the trigger");
            }

            html.Raw("</p>");
            drawing.Write(image);
            WriteFigures(image);
            html.Raw("</figure>\n");
        }

        html.Raw("</div>\n");
        write.EndSection();
    }

    private void WriteFigures(AbuseImage image)
    {
        double[] known = [.. image.TemperaturesC.Where(double.IsFinite)];
        int hottest = image.TemperaturesC.Select((value, at) => (value, at)).Where(one => double.IsFinite(one.value)).MaxBy(one => one.value).at;
        html.Raw("<p class=\"note\">Highest ").Figure(known.Max(), "0.0", "°C").Raw(" (row ").Figure((hottest / image.Columns) + 1, "0").Raw(", column ").Figure((hottest % image.Columns) + 1, "0")
            .Raw("), lowest ").Figure(known.Min(), "0.0", "°C").Raw(", mean ").Figure(known.Average(), "0.0", "°C").Raw(", spread ").Figure(known.Max() - known.Min(), "0.0", "K");
        html.Raw(known.Length < image.TemperaturesC.Count ? ", some pixels without a reading" : "").Raw(".</p>");
    }

    // One image may be several of them.
    private IEnumerable<(AbuseImage Image, string Name)> Chosen(AbuseImage[] images)
    {
        List<(AbuseImage Image, string Name)> wanted = [(images[0], "First")];
        if (view.Zero is { } zero)
        {
            wanted.Add((images.MinBy(image => Math.Abs(image.At - zero))!, "At the trigger"));
        }

        wanted.Add((images.MaxBy(Hottest)!, "Hottest"));
        wanted.Add((images[^1], "Last"));
        return wanted.GroupBy(one => one.Image, ReferenceEqualityComparer.Instance).Select(group => (group.First().Image, string.Join(", ", group.Select(one => one.Name))))
            .OrderBy(one => one.Item1.At);
    }

    private static double Hottest(AbuseImage image) => image.TemperaturesC.Where(double.IsFinite).Max();
}
