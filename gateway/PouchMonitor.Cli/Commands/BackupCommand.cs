using System.CommandLine;
using System.Globalization;
using PouchMonitor.Gateway.Backup;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor backup</c>: copies a data directory, also one that a gateway is using, and brings copies back.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Option<string?> to = new("--to") { Description = "Empty or new folder for the backup." };
        Option<string?> restore = new("--restore") { Description = "Backup to make the (empty or new) data directory from." };
        Option<string?> config = new("--config") { Description = "Configuration file to keep with the backup." };
        Option<bool> noVerify = new("--no-verify") { Description = "Do not read every check sum of the copy; also keeps a copy of damaged data." };
        Command command = new("backup", "Copy a gateway's data while it runs, or bring a copy back.") { data, to, restore, config, noVerify };
        command.SetAction((parsed, cancellation) => Task.Run(() => Guard(parsed.GetValue(to), parsed.GetValue(restore), (target, source) => target is not null
            ? Made(parsed.GetValue(data)!, target, parsed.GetValue(config), !parsed.GetValue(noVerify), cancellation)
            : Restored(source!, parsed.GetValue(data)!, cancellation)), cancellation));
        return command;
    }

    private static int Guard(string? to, string? restore, Func<string?, string?, string> run)
    {
        if ((to is null) == (restore is null))
        {
            throw new CommandException("Either --to DIR makes a backup, or --restore DIR brings one back.", ExitCodes.Usage);
        }

        try
        {
            Console.WriteLine(run(to, restore));
            return ExitCodes.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(error.Message);
        }
    }

    private static string Made(string data, string to, string? config, bool verify, CancellationToken cancellation)
    {
        BackupManifest manifest = DataBackup.Make(data, to, config, verify, cancellation);
        return $"{Sum(manifest)} of {data} are backed up in {to}{(verify ? ", and every check sum of them was read" : "")}.";
    }

    private static string Restored(string backup, string data, CancellationToken cancellation)
    {
        BackupManifest manifest = DataRestore.Run(backup, data, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{Sum(manifest)}, as they were at {manifest.CreatedUtc:u}, are restored in {data}.");
    }

    private static string Sum(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"{manifest.Files.Count} files ({manifest.Files.Sum(file => file.Bytes) / 1048576.0:F1} MiB)");
}
