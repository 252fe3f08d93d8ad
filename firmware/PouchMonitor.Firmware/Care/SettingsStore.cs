using System.Text;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// Where a node keeps its settings: a file that survives a loss of power at any byte. A file <c>pouchmonitor.cfg</c> that
/// somebody put on the flash by hand is taken over once, when it is valid, and removed, so that there is one truth and no
/// second copy of the passwords.
/// </summary>
public sealed class SettingsStore
{
    /// <summary>The file that people write.</summary>
    public const string HandWrittenName = "pouchmonitor.cfg";

    private const string KeptName = "settings";
    private const string RevisionMark = "# revision = ";

    private readonly IFileSystem files;
    private readonly SafeFile kept;

    public SettingsStore(IFileSystem files)
    {
        this.files = files;
        kept = new SafeFile(files, KeptName);
        byte[]? content = kept.Read();
        Text = content == null ? "" : Encoding.UTF8.GetString(content, 0, content.Length);
    }

    /// <summary>The settings as lines of name = value; empty on a new node.</summary>
    public string Text { get; private set; }

    /// <summary>Revision of the last change that came over the network; empty for none.</summary>
    public string Revision
    {
        get
        {
            int from = Text.IndexOf(RevisionMark);
            if (from < 0)
            {
                return "";
            }

            from += RevisionMark.Length;
            int to = Text.IndexOf('\n', from);
            return (to < 0 ? Text.Substring(from) : Text.Substring(from, to - from)).Trim();
        }
    }

    /// <summary>
    /// The node's configuration: what was written by hand when it is there and valid, else what is kept. Null with one line
    /// in <paramref name="fault"/> when there is none; the line is not empty either when the hand-written file was not taken.
    /// </summary>
    public NodeConfiguration? Load(out string fault)
    {
        fault = "";
        byte[]? written = files.Read(HandWrittenName);
        if (written != null)
        {
            string text = Encoding.UTF8.GetString(written, 0, written.Length);
            NodeConfiguration? read = ConfigurationText.Read(text, out string reason);
            if (read != null && Save(text, ""))
            {
                files.Delete(HandWrittenName);
                return read;
            }

            fault = HandWrittenName + ": " + (read == null ? reason : "the flash cannot be written");
        }

        if (Text.Length == 0)
        {
            fault = fault.Length > 0 ? fault : "there are no settings";
            return null;
        }

        NodeConfiguration? configuration = ConfigurationText.Read(Text, out string invalid);
        fault = configuration == null ? invalid : fault;
        return configuration;
    }

    /// <summary>
    /// Keeps these settings; false when the flash refuses, which leaves the old ones. <paramref name="revision"/> tells
    /// whose change this was, empty for somebody at the node.
    /// </summary>
    public bool Save(string text, string revision)
    {
        string marked = revision.Length == 0 ? WithoutMark(text) : RevisionMark + revision + "\n" + WithoutMark(text);
        if (!kept.Write(Encoding.UTF8.GetBytes(marked)))
        {
            return false;
        }

        Text = marked;
        return true;
    }

    /// <summary>Forgets every setting, for a node that changes hands.</summary>
    public bool Clear()
    {
        files.Delete(HandWrittenName);
        if (!kept.Delete())
        {
            return false;
        }

        Text = "";
        return true;
    }

    private static string WithoutMark(string text)
    {
        int from = text.IndexOf(RevisionMark);
        if (from < 0)
        {
            return text;
        }

        int to = text.IndexOf('\n', from);
        return text.Substring(0, from) + (to < 0 ? "" : text.Substring(to + 1));
    }
}
