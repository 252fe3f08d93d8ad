// The part of InfluxDB.Client 5.1 that the adapter uses, with the same names, types and defaults, so that the adapter compiles where the
// package cannot be restored. Nothing here works; whoever asks for a client is told so.
using InfluxDB.Client.Api.Domain;

namespace InfluxDB.Client
{
    public class InfluxDBClient : IDisposable
    {
        public InfluxDBClient(InfluxDBClientOptions options) =>
            throw new NotSupportedException("InfluxDB.Client is not restored here; build with -p:UpstreamPackages=true");

        public InfluxDBClient EnableGzip() => this;

        public WriteApiAsync GetWriteApiAsync(IDomainObjectMapper? mapper = null) => throw new NotSupportedException();

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    public interface IDomainObjectMapper;

    public class InfluxDBClientOptions(string url)
    {
        public string Url { get; } = url;

        public TimeSpan Timeout { get; set; }

        public string? Token { get; set; }

        public string? Org { get; set; }

        public string? Bucket { get; set; }

        public bool AllowHttpRedirects { get; set; }
    }

    public class WriteApiAsync
    {
        protected internal WriteApiAsync()
        {
        }

        public Task WriteRecordAsync(
            string record, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}

namespace InfluxDB.Client.Api.Domain
{
    public enum WritePrecision
    {
        None = 0,
        Ms = 1,
        S = 2,
        Us = 3,
        Ns = 4,
    }
}

namespace InfluxDB.Client.Core.Exceptions
{
    public class InfluxException : Exception
    {
        public InfluxException()
        {
        }

        public InfluxException(string message)
            : base(message)
        {
        }

        public InfluxException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

        public int Status { get; set; }
    }

    public class HttpException : InfluxException
    {
        public HttpException()
        {
        }

        public HttpException(string message)
            : base(message)
        {
        }

        public HttpException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

        public int? RetryAfter { get; set; }
    }
}
