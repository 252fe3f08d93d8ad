using System.Text;

namespace PouchMonitor.Firmware.Publishing;

/// <summary>A part of the node that has something to say in its status.</summary>
public interface IStatusPart
{
    /// <summary>Appends fields of a JSON object that follow others, so beginning with a comma.</summary>
    void AppendTo(StringBuilder text);
}
