namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Takes the settings of a channel's protection from text: <c>limits.KIND.setting</c> with a whole number or <c>off</c>, and
/// the few that are not a limit.
/// </summary>
public static class ProtectionText
{
    private const string Prefix = "limits.";

    /// <summary>
    /// Where the setting of a channel begins in <c>channel.NAME.setting</c>: names of channels may hold points, so a limit is
    /// recognised by its own prefix. The index of the point before it, or -1 where it is no limit.
    /// </summary>
    public static int PointBefore(string name) => name.IndexOf("." + Prefix);

    /// <summary>
    /// Sets one setting. False when it is none of protection's; true with null in <paramref name="fault"/> when taken, else
    /// with the reason.
    /// </summary>
    public static bool TrySet(ProtectionSettings to, string setting, string value, out string? fault)
    {
        fault = null;
        switch (setting)
        {
            case "cellMinimumMicrovolts": fault = Number(setting, value, out to.CellMinimumMicrovolts); return true;
            case "cellMaximumMicrovolts": fault = Number(setting, value, out to.CellMaximumMicrovolts); return true;
            case "cellCapacityMilliampereHours": fault = Number(setting, value, out to.CellCapacityMilliampereHours); return true;
            case "gatewayLossSeconds": fault = Number(setting, value, out to.GatewayLossSeconds); return true;
            case "resumesAfterRestart":
                to.ResumesAfterRestart = value == "true";
                fault = value == "true" || value == "false" ? null : setting + " is '" + value + "', must be true or false";
                return true;
            default:
                if (!setting.StartsWith(Prefix))
                {
                    return false;
                }

                fault = SetLimit(to, setting, value);
                return true;
        }
    }

    private static string? SetLimit(ProtectionSettings to, string setting, string value)
    {
        string rest = setting.Substring(Prefix.Length);
        int point = rest.IndexOf('.');
        string kindName = point < 0 ? rest : rest.Substring(0, point);
        if (point < 0 || !ProtectionNames.TryKind(kindName, out TestKind kind) || kind == TestKind.None)
        {
            return setting + " names no kind of test, must be one of " + ProtectionNames.ListOfKinds();
        }

        int limit = ProtectionLimits.Find(rest.Substring(point + 1));
        if (limit < 0)
        {
            return "there is no setting '" + setting + "'";
        }

        if (value == "off")
        {
            to.Set(kind, limit, ProtectionLimits.Off);
            return ProtectionLimits.MayBeOff(limit) ? null : setting + " cannot be off";
        }

        string? fault = Number(setting, value, out int number);
        if (fault == null)
        {
            // Two numbers stand for something else inside; both lie outside every limit.
            to.Set(kind, limit, number == int.MaxValue || number == int.MinValue ? int.MaxValue - 1 : number);
        }

        return fault;
    }

    private static string? Number(string name, string value, out int number) =>
        int.TryParse(value, out number) ? null : name + " is '" + value + "', must be a whole number";
}
