using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Setup;

/// <summary>A saved profile with what is read from it.</summary>
/// <param name="Saved">As it is kept.</param>
/// <param name="Profile">The profile itself.</param>
internal sealed record LabProfile(LabProfileVersion Saved, CellProfile Profile);

/// <summary>
/// Profiles by name: the built-in ones, which cannot be changed, and those of the lab, each save of which is a new version.
/// A test takes the newest version when it begins and keeps it (<see cref="TestProfiles"/>).
/// </summary>
internal sealed class LabProfiles
{
    /// <summary>Most profiles that a lab can have.</summary>
    public const int MostProfiles = 1000;

    /// <summary>Most versions of one.</summary>
    public const int MostVersions = 1000;

    private const string BaselineSuffix = "-baseline";
    private readonly ConcurrentDictionary<string, LabProfile> newest = new(StringComparer.Ordinal);
    private readonly Lock saving = new();
    private readonly StateDatabase database;

    /// <param name="database">Where they are kept.</param>
    /// <param name="notice">Told of one that cannot be read; may be null.</param>
    public LabProfiles(StateDatabase database, Action<string>? notice)
    {
        this.database = database;
        foreach (LabProfileVersion saved in database.ReadLabProfiles())
        {
            try
            {
                newest[saved.Name] = new LabProfile(saved, CellProfile.Parse(saved.Body, "state.db"));
            }
            catch (ProfileFileException fault)
            {
                notice?.Invoke($"Version {saved.Version} of profile '{saved.Name}' cannot be used: {fault.Message}");
            }
        }
    }

    /// <summary>The lab's own, by name.</summary>
    public IReadOnlyList<LabProfile> All => [.. newest.Values.OrderBy(profile => profile.Saved.Name, StringComparer.Ordinal)];

    /// <summary>The lab's newest of a name; null where it has none.</summary>
    public LabProfile? Find(string name) => newest.GetValueOrDefault(name);

    /// <summary>The profile of a name, built in or the lab's newest.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out CellProfile? profile)
    {
        if (CellProfiles.TryGet(name, out profile))
        {
            return true;
        }

        profile = Find(name)?.Profile;
        return profile is not null;
    }

    /// <summary>Saves the next version.</summary>
    /// <param name="profile">What is to be saved, under its own name.</param>
    /// <param name="basedOn">Version that the editor has seen; 0 for a new profile, null where it did not say.</param>
    /// <param name="person">Who saves.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    /// <exception cref="SetupRefusal">It is built in, somebody else has saved meanwhile, or there is no room.</exception>
    public LabProfile Save(CellProfile profile, int? basedOn, string person, long nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(profile);
        lock (saving)
        {
            Check(profile.Name);
            LabProfile? before = Find(profile.Name);
            int version = before?.Saved.Version ?? 0;
            if (basedOn != version && (version > 0 || basedOn is > 0))
            {
                throw Overtaken(profile.Name, before, basedOn);
            }

            if (before is null && newest.Count >= MostProfiles)
            {
                throw SetupRefusal.Conflict($"There are {newest.Count} profiles, {MostProfiles} are the most.");
            }

            if (version >= MostVersions)
            {
                throw SetupRefusal.Conflict($"Profile '{profile.Name}' has {version} versions, {MostVersions} are the most; copy it under another name.");
            }

            StoredProfile stored = StoredProfile.Of(profile);
            if (before is not null && stored.Body == before.Saved.Body)
            {
                return before;
            }

            LabProfile saved = new(new LabProfileVersion(profile.Name, version + 1, nowMicroseconds, person, stored.Body), profile);
            string detail = before is null
                ? $"version 1: {stored.Body}"
                : $"version {version + 1}: {TestProfiles.Fields(StoredProfile.Of(before.Profile), stored)}";
            database.SaveLabProfile(saved.Saved, detail);
            newest[profile.Name] = saved;
            return saved;
        }
    }

    private static void Check(string name)
    {
        if (CellProfiles.TryGet(name, out CellProfile? builtIn))
        {
            throw SetupRefusal.Conflict($"Profile '{builtIn.Name}' is built in and cannot be changed; copy it under another name.");
        }

        if (name.EndsWith(BaselineSuffix, StringComparison.Ordinal) || name.EndsWith(AssignedLimits.Suffix, StringComparison.Ordinal))
        {
            throw SetupRefusal.Bad($"A profile's name cannot end in {BaselineSuffix} or {AssignedLimits.Suffix}; '{name}' does.");
        }
    }

    private static SetupRefusal Overtaken(string name, LabProfile? before, int? basedOn)
    {
        string state = before is null
            ? $"Profile '{name}' does not exist"
            : $"Profile '{name}' is at version {before.Saved.Version}, saved by {before.Saved.Person}";
        return basedOn is { } seen
            ? SetupRefusal.Overtaken($"{state}; your change is based on version {seen}. Look at the newer one and save again.")
            : SetupRefusal.Conflict($"{state}; say with If-Match which version your change is based on.");
    }
}
