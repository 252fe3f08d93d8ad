using System.Text.Json;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of a span of calibration; columns are named as in the Battery Data Format, with their units.</summary>
internal static class CalibrationJson
{
    public static void Write(Utf8JsonWriter writer, StoredCalibration calibration)
    {
        CalibrationSpan span = calibration.Span;
        writer.WriteStartObject();
        writer.WriteString("node", calibration.Node);
        writer.WriteString("channel", calibration.Channel);
        writer.WriteString("test", calibration.Test);
        writer.WriteNumber("first", span.FirstMicroseconds / 1e6);
        writer.WriteNumber("last", span.LastMicroseconds / 1e6);
        writer.WriteString("boot", TestArchiveWriter.BootText(span.Boot));
        writer.WriteNumber("firstSample", span.FirstNumber);
        writer.WriteNumber("unlistedFrames", span.UnlistedFrames);
        writer.WriteStartArray("columns");
        foreach (CalibratedColumn column in span.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("column", BatteryDataColumns.NameOf(column.Column));
            writer.WriteNumber("id", column.Id);
            writer.WriteNumber("offset", column.Offset);
            writer.WriteNumber("numerator", column.Numerator);
            writer.WriteNumber("denominator", column.Denominator);
            writer.WriteBoolean("applied", column.IsApplied);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
