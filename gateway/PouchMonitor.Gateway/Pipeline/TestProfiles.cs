using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// A test keeps the profile it began with, whatever becomes of the catalogue: what it found under one set of limits is
/// not mixed with another's.
/// </summary>
internal static class TestProfiles
{
    /// <summary>
    /// The profile of a stored test: the one it began with. The catalogue is asked for a test of before profiles were
    /// kept, and where what is kept is damaged.
    /// </summary>
    /// <param name="test">The test.</param>
    /// <param name="database">Where it is stored.</param>
    /// <param name="notice">Told what is wrong; may be null.</param>
    public static CellProfile Of(TestRecord test, StateDatabase database, Action<string>? notice)
    {
        if (test.ProfileHash is { } hash)
        {
            try
            {
                if (database.FindProfile(hash) is { } stored)
                {
                    return stored.Read();
                }

                notice?.Invoke($"Test {test.Test} began with a profile that state.db lacks ({hash}); it goes on with the catalogue's.");
            }
            catch (InvalidDataException damage)
            {
                notice?.Invoke($"Test {test.Test}: {damage.Message}; it goes on with the catalogue's.");
            }
        }

        return test.Profile is { } name && CellProfiles.TryGet(name, out CellProfile? known) ? known : CellProfiles.Default;
    }

    /// <summary>Says where a running test goes on with another profile than a new test of its cell would take; null where not.</summary>
    public static string? Difference(TestRecord test, CellProfile begun, CellProfile current)
    {
        StoredProfile old = StoredProfile.Of(begun);
        StoredProfile now = StoredProfile.Of(current);
        return old.Hash == now.Hash
            ? null
            : $"Test {test.Test} goes on with profile {old.Shown} as it began; a new test of cell '{test.Cell}' takes {now.Shown}: {Fields(old, now)}.";
    }

    /// <summary>The fields in which two profiles differ, with both values.</summary>
    public static string Fields(StoredProfile old, StoredProfile now)
    {
        using JsonDocument before = JsonDocument.Parse(old.Body);
        using JsonDocument after = JsonDocument.Parse(now.Body);
        return string.Join(", ", before.RootElement.EnumerateObject()
            .Select(field => (field.Name, Old: field.Value.GetRawText(), New: after.RootElement.GetProperty(field.Name).GetRawText()))
            .Where(field => field.Old != field.New)
            .Select(field => $"{field.Name} {field.Old} and {field.New}"));
    }
}
