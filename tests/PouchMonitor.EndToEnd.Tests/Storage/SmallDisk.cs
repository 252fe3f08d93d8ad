using System.Diagnostics;
using System.Globalization;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>A disk of its own in memory that can be filled to the last byte; the test is skipped where none can be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly bool isMounted;

    public SmallDisk(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a disk of its own.");
        isMounted = Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={size}"), "tmpfs", Folder) == 0;
        if (!isMounted)
        {
            Dispose();
        }

        Assert.SkipUnless(isMounted, "This machine does not let a disk be mounted.");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pouch-full-").FullName;

    private string Filler => Path.Combine(Folder, "filler");

    public void Fill()
    {
        byte[] piece = new byte[1 << 20];
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        try
        {
            while (true)
            {
                file.Write(piece);
            }
        }
        catch (IOException)
        {
            // Full to the last byte.
        }
    }

    /// <summary>Gives back what was filled.</summary>
    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        if (isMounted)
        {
            Run("umount", Folder);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
