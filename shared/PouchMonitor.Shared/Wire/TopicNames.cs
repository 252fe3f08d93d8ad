namespace PouchMonitor.Wire;

/// <summary>Topics under <c>pouch/v1/</c> and the rule for the names in them.</summary>
public static class TopicNames
{
    /// <summary>Start of every topic.</summary>
    public const string Root = "pouch/v1/";

    /// <summary>Start of every topic of an alarm.</summary>
    public const string AlarmRoot = Root + "alarm/";

    /// <summary>Most characters of a name.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>True for 1 to 64 of A-Z a-z 0-9 . _ - that are neither "." nor "..".</summary>
    public static bool IsName(string name)
    {
        if (name == null || name.Length == 0 || name.Length > MaximumNameLength || name == "." || name == "..")
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || c == '.' || c == '_' || c == '-';
            if (!allowed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a name that a node may have.</summary>
    public static bool IsNodeName(string name) => IsName(name) && name != "alarm";

    /// <summary>True for a name that a cell may have.</summary>
    public static bool IsCellName(string name) => IsName(name) && name != "_gateway";

    /// <summary>Frames of one channel.</summary>
    public static string Frame(string node, string channel) => Root + node + "/" + channel + "/frame";

    /// <summary>JSON samples of one channel, from other people's devices.</summary>
    public static string Sample(string node, string channel) => Root + node + "/" + channel + "/sample";

    /// <summary>Retained status and will of a node.</summary>
    public static string Status(string node) => Root + node + "/status";

    /// <summary>Events of a node.</summary>
    public static string Event(string node) => Root + node + "/event";

    /// <summary>Retained configuration for a node.</summary>
    public static string Config(string node) => Root + node + "/config";

    /// <summary>Commands to a node.</summary>
    public static string Command(string node) => Root + node + "/command";

    /// <summary>Retained word of the gateway on what it has stored of a node.</summary>
    public static string Stored(string node) => Root + node + "/stored";

    /// <summary>Retained alarm of a cell, or of the gateway itself with the cell <c>_gateway</c>.</summary>
    public static string Alarm(string cell, string rule) => AlarmRoot + cell + "/" + rule;
}
