using System;
using System.IO;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Device;

/// <summary>The littlefs partition of the module, drive <c>I:</c>.</summary>
public sealed class Esp32Files : IFileSystem
{
    private const string Root = "I:\\";

    /// <inheritdoc/>
    public bool Exists(string name) => File.Exists(Root + name);

    /// <inheritdoc/>
    public byte[]? Read(string name)
    {
        try
        {
            return File.Exists(Root + name) ? File.ReadAllBytes(Root + name) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public long Length(string name)
    {
        try
        {
            return File.Exists(Root + name) ? new FileInfo(Root + name).Length : -1;
        }
        catch (Exception)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    public int ReadPart(string name, int offset, byte[] buffer, int count)
    {
        try
        {
            using (var stream = new FileStream(Root + name, FileMode.Open, FileAccess.Read))
            {
                if (offset >= stream.Length)
                {
                    return 0;
                }

                stream.Seek(offset, SeekOrigin.Begin);
                return stream.Read(buffer, 0, count);
            }
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] bytes, int count) => Put(name, FileMode.Create, bytes, count);

    /// <inheritdoc/>
    public bool Append(string name, byte[] bytes, int count) => Put(name, FileMode.Append, bytes, count);

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        try
        {
            if (File.Exists(Root + name))
            {
                File.Delete(Root + name);
            }

            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Move(string from, string to)
    {
        try
        {
            if (File.Exists(Root + to))
            {
                return false;
            }

            File.Move(Root + from, Root + to);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] paths = Directory.GetFiles(Root);
        string[] names = new string[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            names[i] = paths[i].Substring(paths[i].LastIndexOf('\\') + 1);
        }

        return names;
    }

    private static bool Put(string name, FileMode mode, byte[] bytes, int count)
    {
        try
        {
            using (var stream = new FileStream(Root + name, mode, FileAccess.Write))
            {
                stream.Write(bytes, 0, count);
                stream.Flush();
            }

            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
