using System.Globalization;
using System.IO.Compression;
using System.Text;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Infrared images as a gzipped table for other programs: a row each, Unix seconds and the pixels row by row from the top left, C.
/// </summary>
internal static class AbuseImageTable
{
    private const int LongestLine = 4096;

    /// <summary>Days at ten images a second; more are no abuse test.</summary>
    private const int MostImages = 2_000_000;

    /// <summary>Writes the file and returns how many images are in it.</summary>
    public static int Write(string path, IEnumerable<AbuseImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using FileStream file = new(path, FileMode.Create);
        using GZipStream packed = new(file, CompressionLevel.Optimal);
        using StreamWriter table = new(packed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        table.WriteLine(Header());
        int count = 0;
        StringBuilder line = new();
        foreach (AbuseImage image in images)
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{image.At:F6}");
            foreach (double pixelC in image.TemperaturesC)
            {
                line.Append(CultureInfo.InvariantCulture, $",{pixelC:0.###}");
            }

            table.WriteLine(line);
            count++;
        }

        return count;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else, damaged, or too large.</exception>
    public static IReadOnlyList<AbuseImage> Read(Stream packed, string name)
    {
        using GZipStream plain = new(packed, CompressionMode.Decompress);
        using StreamReader table = new(plain, Encoding.UTF8);
        List<AbuseImage> images = [];
        if (ReadLine(table, name, 1) != Header())
        {
            throw new InvalidDataException($"{name}, line 1: is no table of images.");
        }

        while (ReadLine(table, name, images.Count + 2) is { } line)
        {
            string[] fields = line.Split(',');
            double[] values = new double[fields.Length];
            for (int i = 0; i < fields.Length; i++)
            {
                if (fields.Length != ImageRules.Pixels + 1 || !double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                {
                    throw new InvalidDataException($"{name}, line {images.Count + 2}: is not a time and {ImageRules.Pixels} temperatures.");
                }
            }

            if (images.Count == MostImages)
            {
                throw new InvalidDataException($"{name}: holds more than {MostImages} images.");
            }

            images.Add(new AbuseImage(values[0], ImageRules.Side, ImageRules.Side, values[1..]));
        }

        return images;
    }

    private static string Header() => "time_s," + string.Join(',', Enumerable.Range(0, ImageRules.Pixels)
        .Select(pixel => string.Create(CultureInfo.InvariantCulture, $"pixel_{(pixel / ImageRules.Side) + 1}_{(pixel % ImageRules.Side) + 1}_C")));

    // A line of a foreign file may have no end.
    private static string? ReadLine(StreamReader table, string name, int number)
    {
        StringBuilder line = new();
        try
        {
            for (int letter = table.Read(); letter != -1 && letter != '\n'; letter = table.Read())
            {
                if (line.Length == LongestLine)
                {
                    throw new InvalidDataException($"{name}, line {number}: has more than {LongestLine} characters.");
                }

                line.Append((char)letter);
            }

            return line.Length == 0 ? null : line.ToString();
        }
        catch (InvalidDataException fault) when (!fault.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} is damaged: {fault.Message}", fault);
        }
    }
}
