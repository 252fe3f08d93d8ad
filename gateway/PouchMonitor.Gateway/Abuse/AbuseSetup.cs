using System.Globalization;
using System.Security.Cryptography;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What a new test takes from the set-up of its channel.</summary>
internal static class AbuseSetup
{
    /// <summary>A test that is to be prepared.</summary>
    public static AbuseRecord Make(GatewayServices gateway, AbusePlan plan, string node, string channel, string person, double now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        TestSetting setting = gateway.Setup.Now(node, channel);
        AbuseRecord record = new()
        {
            Id = Name(now),
            Cell = setting.Cell,
            Node = node,
            Channel = channel,
            Test = gateway.State.Find(node, channel)?.Running?.Test,
            Profile = setting.ProfileName,
            ProfileText = StoredProfile.Of(setting.Profile).Body,
            Plan = plan,
            State = AbuseState.Preparing,
            CreatedAt = now,
            CreatedBy = person,
            Checks = AbuseChecks.Of(plan, gateway.Nodes.Find(node)?.TriggerEdges is not null),
            Calibrations = Calibrations(gateway, node, channel),
        };
        return record.With(now, AbuseLog.State, string.Create(CultureInfo.InvariantCulture,
            $"Made by plan '{plan.Name}' version {plan.Version} for cell '{record.Cell}' on {node}/{channel}"), person);
    }

    /// <summary>The profile that the test's samples are judged with.</summary>
    public static CellProfile ProfileOf(GatewayServices gateway, AbuseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.ProfileText is { } text ? CellProfile.Parse(text, record.Id) : record.Profile is { } name && gateway.Setup.Profiles.TryGet(name, out CellProfile? profile)
            ? profile : gateway.Setup.Now(record.Node ?? "", record.Channel ?? "").Profile;
    }

    private static IReadOnlyList<AbuseCalibration> Calibrations(GatewayServices gateway, string node, string channel) =>
    [
        .. gateway.Nodes.Calibrations.Newest()[node].Where(known => known.Channel == channel).SelectMany(known => Describe(known.Record)),
    ];

    private static IEnumerable<AbuseCalibration> Describe(NodeCalibration record)
    {
        string id = record.Id.ToString("x8", CultureInfo.InvariantCulture);
        string made = record.UnixSeconds == 0 ? "date not known" : DateTimeOffset.FromUnixTimeSeconds(record.UnixSeconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        yield return new AbuseCalibration("voltage", id, string.Create(CultureInfo.InvariantCulture,
            $"offset {record.VoltageOffsetMillicounts / 1000.0} counts, gain {record.VoltageGainPpm} ppm, {made}"));
        yield return new AbuseCalibration("current", id, string.Create(CultureInfo.InvariantCulture,
            $"offset {record.CurrentOffsetMillicounts / 1000.0} counts, gain {record.CurrentGainPpm} ppm, {made}"));
    }

    private static string Name(double now) => DateTimeOffset.FromUnixTimeMilliseconds((long)(now * 1000)).ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)
        + "-" + RandomNumberGenerator.GetHexString(4, lowercase: true);
}
