using System.Text.Json;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>
/// Reads profile files: <c>{"defaults": {...}, "profiles": [{...}, ...]}</c>, or one profile's object alone. Field names
/// are those of <see cref="CellProfile"/> with a small first letter; an absent or null field is not known, or takes the
/// file's default. A field that is not known by name is refused, since a misspelt limit would silently judge nothing.
/// </summary>
internal static class ProfileFile
{
    /// <summary>Largest file taken, bytes.</summary>
    public const int MaximumBytes = 1024 * 1024;

    private const string Defaults = "defaults";
    private const string Profiles = "profiles";
    private const string Reason = "reason";

    /// <summary>The one profile of a file.</summary>
    /// <exception cref="ProfileFileException">Missing, not JSON, not exactly one profile, or a figure outside its limits.</exception>
    public static CellProfile LoadOne(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaximumBytes)
            {
                throw new ProfileFileException($"{path}: {file.Length} bytes, a profile file has at most {MaximumBytes}");
            }

            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProfileFileException($"{path}: no such file", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProfileFileException($"{path}: cannot be read: {fault.Message}", fault);
        }

        return ParseOne(text, path);
    }

    /// <summary>The one profile of a text; <paramref name="file"/> stands for it in messages.</summary>
    /// <exception cref="ProfileFileException">Not JSON, not exactly one profile, or a figure outside its limits.</exception>
    public static CellProfile ParseOne(string text, string file)
    {
        List<CellProfile> profiles = Parse(text, file);
        return profiles.Count == 1
            ? profiles[0]
            : throw new ProfileFileException($"{file}: holds {profiles.Count} profiles, exactly 1 is needed");
    }

    /// <summary>All profiles of a text; <paramref name="file"/> stands for it in messages.</summary>
    /// <exception cref="ProfileFileException">Not JSON, a name twice, or a figure outside its limits.</exception>
    public static List<CellProfile> Parse(string text, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(document.RootElement, file);
        }
        catch (JsonException fault)
        {
            throw new ProfileFileException(
                $"{file}:{(fault.LineNumber ?? 0) + 1}: not JSON: {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new ProfileFileException($"{file}: a text holds half of a surrogate pair", fault);
        }
    }

    private static List<CellProfile> Read(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ProfileFileException($"{file}: a JSON object is needed, not {root.ValueKind}");
        }

        if (!root.TryGetProperty(Profiles, out JsonElement list))
        {
            return [Check(ProfileFields.Fill(new CellProfile { Name = "" }, root, file), file)];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ProfileFileException($"{file}: {Profiles} is a list, not {list.ValueKind}");
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name is not (Defaults or Profiles or Reason))
            {
                throw new ProfileFileException($"{file}: field {property.Name} is not known; beside {Profiles} stand {Defaults} and {Reason}");
            }
        }

        CellProfile defaults = root.TryGetProperty(Defaults, out JsonElement common)
            ? ProfileFields.Fill(new CellProfile { Name = Defaults }, common, file)
            : new CellProfile { Name = Defaults };
        var profiles = new List<CellProfile>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            CellProfile profile = Check(ProfileFields.Fill(defaults with { Name = "" }, element, file), file);
            if (profiles.Exists(p => string.Equals(p.Name, profile.Name, StringComparison.Ordinal)))
            {
                throw new ProfileFileException($"{file}: profile {profile.Name}: the name is there twice");
            }

            profiles.Add(profile);
        }

        return profiles;
    }

    private static CellProfile Check(CellProfile profile, string file) =>
        ProfileLimits.Problem(profile) is string problem ? throw new ProfileFileException($"{file}: {problem}") : profile;
}
