using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Cli.Commands;

/// <summary>Finds the profile that a command line asks for: a name of the catalogue or a file.</summary>
internal static class ProfileOption
{
    public static CellProfile Read(string? nameOrFile)
    {
        if (nameOrFile is null)
        {
            return CellProfiles.Default;
        }

        if (CellProfiles.TryGet(nameOrFile, out CellProfile? profile))
        {
            return profile;
        }

        if (!File.Exists(nameOrFile))
        {
            throw new CommandException(
                $"There is neither a profile nor a file '{nameOrFile}'. Profiles: {string.Join(", ", CellProfiles.Names)}.",
                ExitCodes.Usage);
        }

        try
        {
            return CellProfile.Load(nameOrFile);
        }
        catch (ProfileFileException error)
        {
            throw new CommandException(error.Message);
        }
    }
}
