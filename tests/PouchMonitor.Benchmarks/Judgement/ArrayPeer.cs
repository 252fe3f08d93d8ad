using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks.Judgement;

/// <summary>
/// A Python process that holds the same rows as arrays and counts charge per cycle each time it is asked
/// (<c>charge_per_cycle.py</c>), so that its rounds can be taken in turn with ours.
/// </summary>
internal sealed class ArrayPeer : IDisposable
{
    private const string Interpreter = "/usr/bin/python3";
    private readonly Process process;

    private ArrayPeer(Process process) => this.process = process;

    /// <summary>Starts a peer; null where Python or the library is missing.</summary>
    public static ArrayPeer? Start(string library, string file, int rows)
    {
        if (!File.Exists(Interpreter))
        {
            return null;
        }

        string script = Path.Combine(AppContext.BaseDirectory, "Judgement", "charge_per_cycle.py");
        Process process = Process.Start(new ProcessStartInfo(Interpreter, [script, library, file, rows.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (process.StandardOutput.ReadLine() == "ready")
        {
            return new ArrayPeer(process);
        }

        process.Dispose();
        return null;
    }

    /// <summary>Writes the rows as the script reads them.</summary>
    public static void Write(string file, ReadOnlySpan<Sample> samples)
    {
        long[] microseconds = new long[samples.Length];
        double[] amperes = new double[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            microseconds[i] = samples[i].TimeMicroseconds;
            amperes[i] = samples[i].Values[SampleColumns.Current];
        }

        using FileStream stream = File.Create(file);
        stream.Write(MemoryMarshal.AsBytes(microseconds.AsSpan()));
        stream.Write(MemoryMarshal.AsBytes(amperes.AsSpan()));
    }

    /// <summary>Counts once.</summary>
    /// <returns>Seconds taken, and the magnitudes of all halves' charge, Ah.</returns>
    public (double Seconds, double ChargeAh) Run()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        string[] answer = process.StandardOutput.ReadLine()!.Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[2], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
