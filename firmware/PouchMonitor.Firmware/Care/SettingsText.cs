using System.Text;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// Changes settings in the text that <see cref="ConfigurationText"/> reads. Works on lines by their names, so that it needs
/// to know no setting: what the reader takes can be changed, what it does not take is refused with the reader's own words.
/// </summary>
public static class SettingsText
{
    /// <summary>Most characters of the whole text.</summary>
    public const int MaximumLength = 8192;

    /// <summary>What stands for a secret where settings are shown.</summary>
    public const string Mask = "(set)";

    /// <summary>
    /// The text with the setting changed or added; null with one line in <paramref name="fault"/> when name or value cannot
    /// stand on a line. Whether the reader takes them is not judged here.
    /// </summary>
    public static string? With(string text, string name, string value, out string fault)
    {
        fault = FaultOf(name, value);
        if (fault.Length > 0)
        {
            return null;
        }

        var changed = new StringBuilder();
        bool isThere = false;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            bool isIt = NameOf(line) == name;
            if (line.Length == 0 || (isIt && isThere))
            {
                continue;
            }

            isThere = isThere || isIt;
            changed.Append(isIt ? LineOf(name, value) : line).Append('\n');
        }

        if (!isThere)
        {
            changed.Append(LineOf(name, value)).Append('\n');
        }

        if (changed.Length > MaximumLength)
        {
            fault = "the settings are " + changed.Length + " characters long, at most " + MaximumLength;
            return null;
        }

        return changed.ToString();
    }

    /// <summary>The value of a setting as it stands in the text; null where it is absent.</summary>
    public static string? ValueOf(string text, string name)
    {
        string[] lines = text.Split('\n');
        string? value = null;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (NameOf(line) == name)
            {
                // The reader lets the last one count.
                value = line.Substring(line.IndexOf('=') + 1).Trim();
            }
        }

        return value;
    }

    /// <summary>The settings for people: without comments, each secret as <see cref="Mask"/>.</summary>
    public static string Masked(string text)
    {
        var shown = new StringBuilder();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            string? name = NameOf(line);
            if (name != null)
            {
                bool isHidden = ConfigurationText.IsSecret(name) && line.Substring(line.IndexOf('=') + 1).Trim().Length > 0;
                shown.Append(isHidden ? LineOf(name, Mask) : line).Append('\n');
            }
        }

        return shown.ToString();
    }

    private static string LineOf(string name, string value) => name + " = " + value;

    private static string? NameOf(string line)
    {
        int equals = line.IndexOf('=');
        return equals < 1 || line[0] == '#' ? null : line.Substring(0, equals).Trim();
    }

    private static string FaultOf(string name, string value)
    {
        if (name.Length == 0 || name.Length > 96)
        {
            return "a setting's name has 1 to 96 characters, not " + name.Length;
        }

        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            {
                return "a setting's name may hold A-Z a-z 0-9 . _ - only";
            }
        }

        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] < ' ' || value[i] == '\u007f')
            {
                return "the value of " + name + " holds a control character";
            }
        }

        return value.Trim().Length != value.Length ? "the value of " + name + " begins or ends with a space" : "";
    }
}
