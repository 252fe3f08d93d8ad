using System.Globalization;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>
/// Looks at everything a gateway keeps and says what is sound and what is not. Changes nothing, and works while a gateway
/// runs. What further parts have to say about themselves is added here.
/// </summary>
public sealed class DataDoctor
{
    private const int MostNamed = 50;
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Free bytes below which a look is due; the journal stops taking at its own reserve.</summary>
    private const long LowBytes = 2048 * Mebibyte;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);
    private readonly string data;
    private readonly DateTimeOffset now;
    private readonly CancellationToken cancellation;
    private readonly List<HealthCheck> checks = [];

    private DataDoctor(string data, DateTimeOffset now, CancellationToken cancellation)
    {
        this.data = data;
        this.now = now;
        this.cancellation = cancellation;
    }

    /// <summary>Looks at a data directory.</summary>
    /// <param name="data">The directory.</param>
    /// <param name="now">The present time, to be compared with the newest data.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was found, part after part.</returns>
    public static IReadOnlyList<HealthCheck> Look(string data, DateTimeOffset now, CancellationToken cancellation)
    {
        var doctor = new DataDoctor(Path.GetFullPath(data), now, cancellation);
        doctor.Run();
        return doctor.checks;
    }

    private void Run()
    {
        Add("version", HealthStatus.Note, DataBackup.ProgramVersion);
        if (!Directory.Exists(data))
        {
            Add("data", HealthStatus.Fault, $"{data} does not exist.");
            return;
        }

        Guarded("data", Folder);
        Guarded("disk", FreeDisk);
        Guarded("journal", Journal);
        Guarded("database", () => checks.AddRange(StateDoctor.Look(Path.Combine(data, "state.db"), cancellation)));
        Guarded("influx", () => checks.AddRange(ForwarderDoctor.Look(Path.Combine(data, "forwarder.db"))));
        Guarded("sessions", () => checks.Add(SessionDoctor.Look(Path.Combine(data, "sessions"))));
        Guarded("access", Access);
        Guarded("delivery", () => checks.AddRange(DeliveryDoctor.Look(data, now)));
        Guarded("abuse", () => checks.AddRange(AbuseDoctor.Look(data, now, cancellation)));
    }

    // What cannot be looked at is a fault of that part alone.
    private void Guarded(string part, Action look)
    {
        try
        {
            look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Add(part, HealthStatus.Fault, error.Message);
        }
    }

    private void Add(string part, HealthStatus status, string message) => checks.Add(new HealthCheck(part, status, message));

    private void Folder()
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        bool isOpen = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(data) & others) != 0;
        Add("data", isOpen ? HealthStatus.Warning : HealthStatus.Sound,
            isOpen ? $"{data} may be read by others than its owner; chmod 700 ends that." : $"{data}, for its owner only.");
    }

    private void FreeDisk()
    {
        var drive = new DriveInfo(data);
        long reserve = JournalOptions.ForDirectory(Path.Combine(data, DataBackup.JournalName)).ReserveBytes;
        long free = drive.AvailableFreeSpace;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{free / (double)Mebibyte:F0} MiB free of {drive.TotalSize / (double)Mebibyte:F0} MiB; below {reserve / Mebibyte} MiB nothing more is stored or acknowledged.");
        Add("disk", free < reserve ? HealthStatus.Fault : free < LowBytes ? HealthStatus.Warning : HealthStatus.Sound, text);
    }

    private void Journal()
    {
        string folder = Path.Combine(data, DataBackup.JournalName);
        if (!Directory.Exists(folder))
        {
            Add("journal", HealthStatus.Note, "There is no journal yet.");
            return;
        }

        using JournalView view = JournalView.Open(folder);
        IReadOnlyList<JournalDamage> damage = view.Verify(cancellation);
        IReadOnlyList<StreamSummary> streams = view.Journal.Streams();
        foreach (JournalDamage place in damage.Take(MostNamed))
        {
            Add("journal", HealthStatus.Fault, BackupCheck.Describe(place));
        }

        if (damage.Count > MostNamed)
        {
            Add("journal", HealthStatus.Fault, $"{damage.Count - MostNamed} more places are damaged.");
        }

        Add("journal", damage.Count > 0 ? HealthStatus.Warning : HealthStatus.Sound, string.Create(CultureInfo.InvariantCulture,
            $"{streams.Sum(stream => stream.FrameCount)} frames with {streams.Sum(stream => stream.SampleCount)} samples of {streams.Count} boots in {view.Journal.Counters().Segments} segments; every check sum was read."));
        long quarantined = view.Journal.QuarantineCount;
        Add("quarantine", quarantined > 0 ? HealthStatus.Warning : HealthStatus.Sound, quarantined == 0
            ? "Nothing is in quarantine."
            : string.Create(CultureInfo.InvariantCulture, $"{quarantined} messages are in quarantine, the newest for: {view.Journal.ReadQuarantine(1).FirstOrDefault()?.Reason}."));
        Clock(streams);
    }

    private void Clock(IReadOnlyList<StreamSummary> streams)
    {
        long newest = streams.Select(stream => stream.LastArrivalMicroseconds).DefaultIfEmpty(0).Max();
        DateTimeOffset arrived = DateTimeOffset.UnixEpoch.AddTicks(newest * TimeSpan.TicksPerMicrosecond);
        bool isBehind = arrived - now > ClockTolerance;
        Add("clock", isBehind ? HealthStatus.Fault : HealthStatus.Sound, isBehind
            ? string.Create(CultureInfo.InvariantCulture, $"The clock says {now:u}, but data arrived at {arrived:u}: it was set back.")
            : string.Create(CultureInfo.InvariantCulture, $"{now:u}; the newest data arrived {(newest == 0 ? "never" : $"at {arrived:u}")}."));
    }

    private void Access()
    {
        string path = Path.Combine(data, "access.json");
        if (!File.Exists(path))
        {
            Add("access", HealthStatus.Note, "There is no access.json: neither nodes nor people are known.");
            return;
        }

        var access = new AccessFile(data);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        UnixFileMode mode = OperatingSystem.IsWindows() ? owner : File.GetUnixFileMode(path);
        if ((mode & ~owner) != 0)
        {
            Add("access", HealthStatus.Fault, $"{path} may be used by others than its owner (mode {Convert.ToString((int)mode, 8)}); chmod 600 ends that.");
            return;
        }

        Add("access", HealthStatus.Sound, string.Create(CultureInfo.InvariantCulture,
            $"{access.Nodes.Count} nodes{(access.HasUsers ? " and people" : ", no people")} are known; the file is its owner's only."));
    }
}
