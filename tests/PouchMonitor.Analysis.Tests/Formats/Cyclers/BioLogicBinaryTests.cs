using System.Text;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Files written here after the layout that the authors of galvani found out; no file of an instrument is among the data.</summary>
public sealed class BioLogicBinaryTests
{
    private static readonly int[] Columns = [1, 2, 3, 21, 31, 65, 131, 4, 6, 8, 7, 32, 498, 499];
    private static readonly int[] OldColumns = [1, 3, 4, 174, 76, 131];

    [Theory]
    [InlineData(2, 405)]
    [InlineData(3, 406)]
    public void RecordsOfVersions2And3_AreExact(int version, int dataAt)
    {
        ReadSeries read = ReadSeries.Of(File(version, Wide(Columns, 3), dataAt, 3, writer =>
        {
            Record(writer, 0.1, 3.5180547f, -899.82635f, 0, 2.5, 0.25, 4);
            Record(writer, 0.2, 0f, 0f, 1000f, 0, 0, 4);
            Record(writer, 1.2000000569969416, 4.1f, 1e-7f, 0, 2.5, 0.25, 5);
        }, isNew: false));

        Assert.Equal("biologic-mpr", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal(
            [
                new ReadRow(100_000, 3.5180547, -0.89982635, null, null, 4, 0.0025, 0.00025, null, 1),
                new ReadRow(1_200_000, 4.1, 1e-10, null, null, 5, 0.0025, 0.00025, null, 3),
            ],
            read.Rows);
    }

    [Theory]
    [InlineData(false, 1007)]
    [InlineData(true, 100)]
    public void RecordsOfVersion0_BeforeAndSince1150(bool isNew, int dataAt)
    {
        byte[] ids = isNew ? [.. OldColumns.Select(id => (byte)id)] : [.. OldColumns.SelectMany(id => new byte[] { 0, (byte)id })];
        ReadSeries read = ReadSeries.Of(File(0, [1, 0, 0, 0, 6, .. ids], dataAt, 1, writer =>
        {
            writer.Write((byte)1);
            writer.Write(2.5);
            writer.Write(3.7f);
            writer.Write(-12.5f);
            writer.Write((ushort)3);
        }, isNew));
        Assert.Equal(new ReadRow(2_500_000, 3.7, -0.0125, null, null, 3, null, null, null, 1), Assert.Single(read.Rows));
    }

    [Fact]
    public void FileWithoutACurrent_HasThatOfTheChargeSteps()
    {
        ReadSeries read = ReadSeries.Of(File(2, Wide([4, 6, 7], 2), 405, 2, writer =>
        {
            foreach ((double time, double charge) in new[] { (10.0, 0.0), (20.0, -0.5) })
            {
                writer.Write(time);
                writer.Write(3.7f);
                writer.Write(charge);
            }
        }, isNew: false));
        Assert.Equal([0, -0.18], read.Rows.Select(row => row.A!.Value));
    }

    [Theory]
    [InlineData(4, 4, "x: damaged: data module of version 4; versions 0, 2 and 3 are read")]
    [InlineData(2, 999, "x: damaged: column 1 is of the unknown kind 999; the text export (.mpt) can be read instead")]
    public void WhatIsNotKnown_IsRefusedByName(int version, int column, string message)
    {
        byte[] file = File(version, Wide([column, 6], 0), 405, 0, _ => { }, isNew: false);
        Assert.Equal(message, Assert.Throws<SeriesFileException>(() => ReadSeries.Of(file)).Message);
    }

    [Fact]
    public void RecordThatIsNoNumber_IsNamed_AndACutFileGivesOneClearError()
    {
        byte[] file = File(2, Wide(Columns, 2), 405, 2, writer =>
        {
            Record(writer, 0.1, float.NaN, 1, 0, 0, 0, 4);
            Record(writer, 0.2, 3.5f, 1, 0, 0, 0, 4);
        }, isNew: false);
        ReadSeries read = ReadSeries.Of(file);
        Assert.Equal("x:1: Ewe/V is not a number: NaN", Assert.Single(read.Problems));
        Assert.Single(read.Rows);
        int log = 6 + 51 + 20;
        Assert.StartsWith("x: damaged after record 1", Assert.Throws<SeriesFileException>(() => ReadSeries.Of(file[..^(log + 5)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("x: there is no data module", Assert.Throws<SeriesFileException>(() => ReadSeries.Of(file[..129])).Message, StringComparison.Ordinal);
    }

    private static byte[] Wide(int[] columns, int count) =>
        [(byte)count, 0, 0, 0, (byte)columns.Length, .. columns.SelectMany(id => BitConverter.GetBytes((ushort)id))];

    private static void Record(BinaryWriter writer, double time, float volts, float milliamps, float frequency, double charge, double discharge, ushort step)
    {
        writer.Write((byte)0x21);
        writer.Write(step);
        writer.Write(time);
        writer.Write(volts);
        writer.Write(milliamps);
        writer.Write(0.0);
        writer.Write(frequency);
        writer.Write(charge);
        writer.Write(discharge);
    }

    private static byte[] File(int version, byte[] head, int dataAt, int count, Action<BinaryWriter> records, bool isNew)
    {
        using var data = new MemoryStream();
        using (var writer = new BinaryWriter(data, Encoding.ASCII, leaveOpen: true))
        {
            byte[] padded = new byte[dataAt];
            head.CopyTo(padded, 0);
            padded[0] = (byte)count;
            writer.Write(padded);
            records(writer);
        }

        using var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("BIO-LOGIC MODULAR FILE\u001a".PadRight(48)));
        file.Write(new byte[4]);
        Module(file, "VMP Set", 0, new byte[20], isNew);
        Module(file, "VMP data", version, data.ToArray(), isNew);
        Module(file, "VMP LOG", 0, new byte[20], isNew: false);
        return file.ToArray();
    }

    private static void Module(MemoryStream file, string name, int version, byte[] data, bool isNew)
    {
        using var writer = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true);
        writer.Write(Encoding.ASCII.GetBytes("MODULE" + name.PadRight(10) + name.PadRight(25)));
        if (isNew)
        {
            writer.Write(uint.MaxValue);
        }

        writer.Write(data.Length);
        writer.Write(version);
        if (isNew)
        {
            writer.Write(11);
        }

        writer.Write("03.15.17"u8);
        writer.Write(data);
    }
}
