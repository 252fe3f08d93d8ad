using System.CommandLine;

namespace PouchMonitor.Cli.Commands;

/// <summary>The directory in which a gateway keeps everything.</summary>
internal static class DataOption
{
    public static Option<string> Create() => new("--data")
    {
        Description = "Directory of the journal, the database and the credentials.",
        DefaultValueFactory = _ => "pouchmonitor-data",
    };

    /// <summary>Makes the directory, readable by its owner only.</summary>
    public static string Make(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--data {directory}: {error.Message}");
        }

        return directory;
    }
}

/// <summary>Reads a secret from a file or from standard input, never from the command line.</summary>
internal static class PasswordFile
{
    public static string Read(string? file)
    {
        try
        {
            string? line = file is null ? Console.In.ReadLine() : File.ReadLines(file).FirstOrDefault();
            return string.IsNullOrEmpty(line)
                ? throw new CommandException($"{file ?? "standard input"}: no password in the first line.")
                : line;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file}: {error.Message}");
        }
    }
}
