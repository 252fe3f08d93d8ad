using System.Text;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Files of every text format with bytes changed, cut and doubled: rows, named problems, or one clear error.</summary>
public sealed class HostileFileTests
{
    private static readonly string[] Files =
    [
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(mV),Capacity(mAh),Date\n1,1,1,Rest,00:00:00,00:00:00,0,3700.5,0,2022-05-18 16:27:52\n",
        "Cycle ID,Cap_Chg(mAh)\n,Step ID,Step Name\n,,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Realtime\n1,10,1,CC_Chg\n,,1,0:00:01.000,3.7,100,2018-05-11 10:00:00\n",
        "Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n1\t0\t1\t0.0\t0.0\t0.0\t0.0\t1,500.5\t3.5\tD\t0\t12/19/2020 12:18:27\n2\t0\t1\t1.0\t0.0\t0.0\t0.0\t0.0\t3.5\tR\t0\t12/19/2020 12:19:27\n",
        "EC-Lab ASCII FILE\nNb header lines : 3\nmode\tNs\ttime/s\tEwe/V\t<I>/mA\tTemperature/K\n1\t2\t1,25\t3,5180E+000\t-1,5E+002\t298,15\n",
        "~Time[h]\tDataSet\tLine\tU[V]\tI[A]\tT1[C]\n1\t2\t3\t3.5\t0.5\t25.5\n",
        "[Data]\n\"Date and Time,Cycle Number,Run Time (h),Current (A),Potential (V),Capacity (Ah)\"\n\"2022-04-11 10:58:08 AM,1,0.0003111,-0.012,3.4,0.02\"\n",
        "数据序号,循环号,工步号,工步类型,时间,总时间,电流(A),电压(V)\n1,1,1,恒流放电,00:00:00,00:00:01,1.5,3.7\n",
    ];

    [Fact]
    public void ChangedBytes_NeverGiveAnythingElse()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] alphabet = "0123456789.,;:-+eE\"/()[]\t\n\r abdhms"u8.ToArray();
        for (int round = 0; round < 1500; round++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Files[round % Files.Length]);
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(bytes.Length);
                bytes = random.Next(4) switch
                {
                    0 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]],
                    1 => [.. bytes[..at], .. bytes[random.Next(at + 1)..]],
                    2 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                    _ => [.. bytes[..at], alphabet[random.Next(alphabet.Length)], .. bytes[(at + 1)..]],
                };
                bytes = bytes.Length == 0 ? [0] : bytes;
            }

            Exception? fault = Record.Exception(() => ReadSeries.Of(bytes));
            Assert.True(
                fault is null || (fault is SeriesFileException && !fault.Message.Contains('\n')),
                $"seed {seed}, round {round}, {Convert.ToBase64String(bytes)}: {fault}");
        }
    }

    [Fact]
    public void UnchangedFiles_AreReadWithoutAProblem()
    {
        foreach (string file in Files)
        {
            ReadSeries read = ReadSeries.Of(file);
            Assert.Empty(read.Problems);
            Assert.NotEmpty(read.Rows);
            Assert.NotEqual("csv", read.Format);
        }
    }

    [Fact]
    public void EndlessHeader_EndsWithAClearError()
    {
        string text = string.Concat(Enumerable.Repeat("~ nothing\n", 20_000));
        string message = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(text, new SeriesOptions { Format = "basytec" })).Message;
        Assert.StartsWith("x: no header of basytec in 5000 lines", message, StringComparison.Ordinal);
    }
}
