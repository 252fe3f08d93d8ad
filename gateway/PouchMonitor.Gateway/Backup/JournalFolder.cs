using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Backup;

/// <summary>
/// What is known of the files of a journal from outside, while a gateway may be writing to them: sealed segments, their
/// packed form and their indexes never change under their names; files come and go.
/// </summary>
internal static class JournalFolder
{
    private const int MostAttempts = 200;
    private const string SegmentPrefix = "frames-";

    /// <summary>
    /// Takes every file with <paramref name="take"/> until none has come or gone meanwhile, so that together they are the
    /// journal as it stood at one moment. What was taken and is gone since is given to <paramref name="leave"/>.
    /// </summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="take">Called for each file, and whether it may still be appended to; may be called again for such a one.</param>
    /// <param name="leave">Called for a file that must not be kept.</param>
    /// <exception cref="IOException">The folder did not come to rest.</exception>
    public static void TakeAll(string folder, Action<string, bool> take, Action<string> leave)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            HashSet<string> listed = List(folder);
            foreach (string gone in taken.Where(name => !listed.Contains(name)).ToList())
            {
                leave(gone);
                taken.Remove(gone);
            }

            if (TryTake(listed, taken, take) && listed.SetEquals(List(folder)))
            {
                return;
            }

            // What was appended to may have been sealed since, and is longer now than it was taken.
            foreach (string name in taken.Where(name => MayGrow(name, listed)).ToList())
            {
                leave(name);
                taken.Remove(name);
            }
        }

        throw new IOException($"The files in {folder} came and went during each of {MostAttempts} attempts to take them together.");
    }

    private static bool TryTake(HashSet<string> listed, HashSet<string> taken, Action<string, bool> take)
    {
        // Older first: what is appended to now is taken last, and holds all that was there when the taking began.
        foreach (string name in listed.Where(name => !taken.Contains(name)).OrderBy(name => MayGrow(name, listed)).ThenBy(name => name, StringComparer.Ordinal))
        {
            try
            {
                take(name, MayGrow(name, listed));
                taken.Add(name);
            }
            catch (Exception fault) when (fault is FileNotFoundException)
            {
                return false;
            }
        }

        return true;
    }

    // The newest segment is appended to; the one before it may be again, after a crash while the newest was being begun.
    // What is not known by its name is taken for something that grows.
    private static bool MayGrow(string name, HashSet<string> listed)
    {
        const int growing = 2;
        if (!name.StartsWith(SegmentPrefix, StringComparison.Ordinal))
        {
            return true;
        }

        return Segment.TryParseName(name, out _)
            && listed.Where(each => Segment.TryParseName(each, out _)).OrderDescending(StringComparer.Ordinal).Take(growing)
                .Contains(name, StringComparer.Ordinal);
    }

    // Files under way to their name, and the lock, are no part of the journal.
    private static HashSet<string> List(string folder) => Directory.EnumerateFiles(folder)
        .Select(path => Path.GetFileName(path)!)
        .Where(name => name != "lock" && !name.EndsWith(".new", StringComparison.Ordinal))
        .ToHashSet(StringComparer.Ordinal);
}
