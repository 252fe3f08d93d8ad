using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Upstream.InfluxDb.Tests;

/// <summary>The contract, kept by this project's own writer.</summary>
public sealed class HttpInfluxWriterTests : WriterContract
{
    protected override void SkipWhereAbsent()
    {
        // It is part of the gateway.
    }

    protected override IInfluxWriter Create(InfluxOptions options) => new HttpInfluxWriter(options, TimeProvider.System);
}

/// <summary>The contract, kept by the writer over InfluxDB.Client.</summary>
public sealed class InfluxDbClientWriterTests : WriterContract
{
    protected override void SkipWhereAbsent() =>
        Assert.SkipUnless(InfluxDbClientWriter.IsRestored, "InfluxDB.Client is not restored here; build with -p:UpstreamPackages=true");

    protected override IInfluxWriter Create(InfluxOptions options) => new InfluxDbClientWriter(options);
}
