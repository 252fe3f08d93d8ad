using System.Text;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands that were taken last, so that the same one acts once, whatever the broker repeats: also over a restart,
/// since a retained reboot would otherwise come again after each.
/// </summary>
public sealed class CommandMemory
{
    /// <summary>Commands remembered.</summary>
    public const int Places = 16;

    private const string FileName = "commands";

    private readonly SafeFile file;
    private readonly string[] ids = new string[Places];
    private readonly string[] answers = new string[Places];
    private int next;

    public CommandMemory(IFileSystem files)
    {
        file = new SafeFile(files, FileName);
        byte[]? content = file.Read();
        string[] lines = content == null ? new string[0] : Encoding.UTF8.GetString(content, 0, content.Length).Split('\n');
        for (int i = 0; i < Places; i++)
        {
            ids[i] = i < lines.Length ? lines[i] : "";
            answers[i] = "";
        }
    }

    /// <summary>True when the command was taken before; its answer (a reason, or empty when it was done) is then told.</summary>
    public bool Knows(string id, out string answer)
    {
        answer = "";
        for (int i = 0; i < Places; i++)
        {
            if (ids[i] == id)
            {
                answer = answers[i];
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers a command before it acts; false when the flash did not take it.</summary>
    public bool Add(string id)
    {
        ids[next] = id;
        answers[next] = "";
        next = (next + 1) % Places;
        var text = new StringBuilder();
        for (int i = 0; i < Places; i++)
        {
            // The oldest comes first, so that the next boot overwrites it first.
            text.Append(ids[(next + i) % Places]).Append('\n');
        }

        return file.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Remembers why a command was refused when it was its turn.</summary>
    public void SetAnswer(string id, string answer)
    {
        for (int i = 0; i < Places; i++)
        {
            if (ids[i] == id)
            {
                answers[i] = answer;
            }
        }
    }
}
