using System.CommandLine;
using System.Globalization;
using PouchMonitor.Cli.Replay;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Archive;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>pouchmonitor import</c>: a test archive or a recorded series, into the data directory of a gateway that is not
/// running, or a series into a running one as a node would send it. The same again changes nothing.
/// </summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "Test archive (zip), or recorded series as 'analyze' reads it." };
        Option<string> data = DataOption.Create();
        Option<string?> cell = new("--cell") { Description = "Name of the cell of a series; the file's stem unless given." };
        Option<string?> profile = new("--profile") { Description = "Profile of the catalogue for a series." };
        Option<string?> mqtt = new("--mqtt") { Description = "Running gateway to send a series to, HOST:PORT, instead of --data." };
        Option<string?> user = new("--user") { Description = "Name to connect with; the cell's unless given." };
        Option<string?> password = new("--password-file") { Description = "File whose first line is the node's token." };
        Command command = new("import", "Bring a test archive or a recorded series into a gateway as a test.") { file, data, cell, profile, mqtt, user, password };
        command.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetValue(file)!;
            bool isArchive = TestArchiveReader.IsArchive(path);
            if (isArchive && (parsed.GetValue(mqtt) ?? parsed.GetValue(cell) ?? parsed.GetValue(profile)) is not null)
            {
                throw new CommandException("An archive says itself what cell it is of; it goes into the data directory of a stopped gateway (--data).", ExitCodes.Usage);
            }

            string name = parsed.GetValue(cell) ?? AnalyzeCommand.Stem(path);
            if (!isArchive)
            {
                ReplayCommand.CheckName(name);
            }

            if (parsed.GetValue(mqtt) is not { } address)
            {
                return IntoDirectory(path, isArchive, parsed.GetValue(data)!, name, parsed.GetValue(profile), cancellation);
            }

            if (!File.Exists(path))
            {
                throw new CommandException($"{path}: no such file");
            }

            (string host, int port) = ReplayCommand.Address(address);
            string? secret = parsed.GetValue(password) is { } secretFile ? PasswordFile.Read(secretFile) : null;
            return new SeriesReplay
            {
                File = path, Cell = name, Host = host, Port = port, SecondsPerSecond = double.PositiveInfinity, BeginsNow = false,
                UserName = parsed.GetValue(user) ?? (secret is null ? null : name), Password = secret, Boot = SeriesTest.BootOf(path),
            }.RunAsync(cancellation);
        });
        return command;
    }

    private static async Task<int> IntoDirectory(
        string path, bool isArchive, string data, string cell, string? profile, CancellationToken cancellation)
    {
        try
        {
            if (isArchive)
            {
                using TestArchiveReader archive = TestArchiveReader.Open(path);
                Say(await TestImport.RunAsync(archive, data, cancellation));
                return ExitCodes.Success;
            }

            if (profile is not null && !Analysis.Profiles.CellProfiles.TryGet(profile, out _))
            {
                throw new CommandException($"--profile '{profile}' is not in the catalogue; the gateway would not find it again.", ExitCodes.Usage);
            }

            SeriesTest series = new(path, cell, ProfileOption.Read(profile), profile);
            Say(await TestImport.RunAsync(series, data, cancellation));
            return series.BadRowCount > 0 ? ExitCodes.BadRows : ExitCodes.Success;
        }
        catch (SeriesFileException error)
        {
            throw new CommandException(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(error.Message);
        }
    }

    private static void Say(ImportResult result) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{result.Test}: {result.NewFrames} frames are new, {result.KnownFrames} were there.{(result.IsChanged ? "" : " The test is there already and was not changed.")}"));
}
