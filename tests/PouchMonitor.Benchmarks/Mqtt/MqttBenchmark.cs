using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>
/// The MQTT endpoint beside mosquitto: same generator, same run, in turn; both with authentication and access rules, ours
/// with a hook that counts each message besides. 64-byte payloads on a hundred topics.
/// </summary>
internal static class MqttBenchmark
{
    private const int Connections = 8;
    private const int IdleCount = 8000;
    private const string Published = "pub_rate";
    private const string Delivered = "deliv_rate";

    /// <param name="seconds">Time for each measurement of each broker.</param>
    /// <param name="tools">Folder of <c>mqbench.c</c>; null looks beside the project.</param>
    public static IReadOnlyList<Figure> Run(double seconds, string? tools)
    {
        using LoadGenerator? load = LoadGenerator.Compile(tools);
        if (load is null)
        {
            Console.Error.WriteLine("mqtt: left out; it needs gcc and ../shared/tools/mqbench.c beside the project (or --tools FOLDER).");
            return [];
        }

        List<Figure> figures = [];
        using (Broker ours = Broker.Ours(isDurable: false))
        using (Broker? theirs = Broker.Mosquitto())
        {
            Pair(figures, "QoS 0 ingest, batches", 10, Rate(load, seconds, Published, Connections, "-q", "0", "-S", "0"), ours, theirs);
            Pair(figures, "QoS 0 ingest, one write a message", 3, Rate(load, seconds, Published, Connections, "-q", "0", "-S", "0", "-b", "1"), ours, theirs);
            Pair(figures, "QoS 1 ingest, acknowledged from memory", 10, Rate(load, seconds, Published, Connections, "-q", "1", "-S", "0", "-w", "400"), ours, theirs);
            double delivered = Pair(figures, "QoS 0 to one subscriber", 2, Rate(load, seconds, Delivered, 1, "-q", "0", "-S", "1"), ours, theirs);
            Pair(figures, "QoS 1 to one subscriber", 3, Rate(load, seconds, Delivered, 1, "-q", "1", "-S", "1", "-w", "400"), ours, theirs);
            Latency(figures, load, seconds, delivered / 2, ours, theirs);
        }

        using (Broker ours = Broker.Ours(isDurable: true))
        using (Broker? theirs = Broker.Mosquitto())
        {
            Pair(figures, "QoS 1 ingest, acknowledged after fsync", 5,
                Rate(load, seconds, Published, Connections, "-q", "1", "-S", "0", "-w", "400"), ours, theirs);
        }

        using (Broker ours = Broker.Ours(isDurable: false))
        using (Broker? theirs = Broker.Mosquitto())
        {
            Idle(figures, load, seconds, ours, theirs);
        }

        return figures;
    }

    private static Func<Broker, double> Rate(LoadGenerator load, double seconds, string rate, int connections, params string[] options) => broker =>
    {
        JsonElement result = load.Run(broker, seconds, rate, connections, options);
        if (rate == Delivered && result.GetProperty("delivered").GetInt64() is var got && got != result.GetProperty("published").GetInt64())
        {
            Console.Error.WriteLine($"mqtt: {got} of {result.GetProperty("published")} messages were delivered on port {broker.Port}.");
        }

        return result.GetProperty(rate).GetDouble();
    };

    /// <summary>Adds ours, mosquitto's and how many times as fast ours is; gives mosquitto's, or ours where it is absent.</summary>
    private static double Pair(List<Figure> figures, string what, double target, Func<Broker, double> measure, Broker ours, Broker? theirs)
    {
        double own = measure(ours);
        figures.Add(new Figure($"MQTT {what}", own, "messages/s"));
        if (theirs is null)
        {
            return own;
        }

        double other = measure(theirs);
        figures.Add(new Figure($"  mosquitto: {what}", other, "messages/s"));
        figures.Add(new Figure($"  ratio: {what}", own / other, "x", target));
        return other;
    }

    /// <summary>Paced, one write a message, one subscriber.</summary>
    private static void Latency(List<Figure> figures, LoadGenerator load, double seconds, double messagesPerSecond, Broker ours, Broker? theirs)
    {
        double P99(Broker broker) => load
            .Once(broker, 1, (long)(messagesPerSecond * seconds), "-q", "0", "-S", "1", "-r", messagesPerSecond.ToString("F0", CultureInfo.InvariantCulture))
            .GetProperty("lat_us").GetProperty("p99").GetDouble();
        double? other = theirs is null ? null : P99(theirs);
        figures.Add(new Figure(string.Create(CultureInfo.InvariantCulture, $"MQTT latency, p99, at {messagesPerSecond:F0} messages/s"), P99(ours), "us", other));
        if (other is { } known)
        {
            figures.Add(new Figure("  mosquitto: latency, p99", known, "us"));
        }
    }

    private static void Idle(List<Figure> figures, LoadGenerator load, double seconds, Broker ours, Broker? theirs)
    {
        // A little work first, so that what a server takes once is not laid to its idle connections.
        Func<Broker, double> publish = Rate(load, seconds, Published, 4, "-q", "1", "-S", "0", "-w", "400");
        double before = publish(ours);
        foreach (Broker? broker in (Broker?[])[ours, theirs])
        {
            if (broker is null)
            {
                continue;
            }

            string name = broker == ours ? "MQTT" : "  mosquitto:";
            using (IdleConnections some = new(broker, 1000))
            {
                Thread.Sleep(TimeSpan.FromSeconds(5)); // what the work before has left to do: compiling, collecting
                TimeSpan processor = broker.ProcessorTime;
                Stopwatch clock = Stopwatch.StartNew();
                Thread.Sleep(TimeSpan.FromSeconds(Math.Max(5, seconds)));
                figures.Add(new Figure($"{name} processor for 1,000 idle connections", 100 * (broker.ProcessorTime - processor).TotalSeconds / clock.Elapsed.TotalSeconds, "% of a core", 1));
            }

            long kilobytes = broker.ResidentKilobytes;
            using IdleConnections many = new(broker, IdleCount);
            Thread.Sleep(TimeSpan.FromSeconds(2));
            figures.Add(new Figure(
                string.Create(CultureInfo.InvariantCulture, $"{name} resident memory an idle connection, {IdleCount}"), (broker.ResidentKilobytes - kilobytes) / (double)IdleCount, "KB", 4));
            if (broker == ours)
            {
                figures.Add(new Figure("MQTT publishing with them there, of that without", publish(ours) / before, "x", 0.9));
            }
        }
    }
}
