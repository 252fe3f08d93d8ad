using System.Security.Cryptography;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// Something made from files, and made anew when their content changes. Content is compared, not times: that also sees
/// links that were turned to another folder. Files are looked at when <see cref="Current"/> is asked for, at most once a
/// second. Where the new content is no good, what was made before stays in use, and that is told and counted.
/// </summary>
public sealed class ReloadingFiles<T>
    where T : class
{
    private const int MaximumFileBytes = 1024 * 1024;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<IReadOnlyList<byte[]>, T> _make;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile T _current;
    private byte[] _seen;
    private long _lookedAt;
    private long _reloads;
    private long _failedReloads;
    private volatile string? _problem;

    /// <summary>Makes the first one. Throws what <paramref name="make"/> throws, and <see cref="IOException"/> where a file cannot be read.</summary>
    /// <param name="paths">At least one file; each may have 1 MB.</param>
    /// <param name="make">Gets the content of each, which is wiped afterwards; <see cref="InvalidDataException"/> and <see cref="CryptographicException"/> mean that it is no good.</param>
    /// <param name="time">For the interval between two looks.</param>
    public ReloadingFiles(IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T> make, TimeProvider? time = null)
    {
        _paths = paths;
        _make = make;
        _time = time ?? TimeProvider.System;
        byte[][] contents = ReadAll();
        _seen = Fingerprint(contents);
        _current = Make(contents);
        _lookedAt = _time.GetTimestamp();
    }

    /// <summary>Told, in one line without secrets, why new content is not in use. Called under a lock: it must be quick.</summary>
    public Action<string>? ReloadFailed { get; set; }

    /// <summary>Times that new content came into use.</summary>
    public long Reloads => Interlocked.Read(ref _reloads);

    /// <summary>Times that new content was no good.</summary>
    public long FailedReloads => Interlocked.Read(ref _failedReloads);

    /// <summary>Why the present content of the files is not in use; null while it is.</summary>
    public string? Problem => _problem;

    /// <summary>What is in use now.</summary>
    public T Current
    {
        get
        {
            // Whoever comes while another looks takes what there is.
            if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= LookInterval && _gate.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    Volatile.Write(ref _lookedAt, _time.GetTimestamp());
                    _gate.Exit();
                }
            }

            return _current;
        }
    }

    private void Look()
    {
        byte[] fingerprint = [];
        try
        {
            byte[][] contents = ReadAll();
            fingerprint = Fingerprint(contents);
            if (fingerprint.AsSpan().SequenceEqual(_seen))
            {
                Array.ForEach(contents, static content => CryptographicOperations.ZeroMemory(content));
                return;
            }

            _seen = fingerprint;
            _current = Make(contents);
            _problem = null;
            Interlocked.Increment(ref _reloads);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException)
        {
            bool isKnown = fingerprint.Length == 0 && _seen.Length == 0;
            _seen = fingerprint; // empty where a file could not be read, so that it is tried again until it can be
            if (!isKnown)
            {
                Interlocked.Increment(ref _failedReloads);
                _problem = $"{string.Join(", ", _paths)}: {exception.Message} What was read before stays in use.";
                ReloadFailed?.Invoke(_problem);
            }
        }
    }

    private T Make(byte[][] contents)
    {
        try
        {
            return _make(contents);
        }
        finally
        {
            Array.ForEach(contents, static content => CryptographicOperations.ZeroMemory(content));
        }
    }

    private byte[][] ReadAll() => [.. _paths.Select(Read)];

    private static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaximumFileBytes)
        {
            throw new InvalidDataException($"{path} has {file.Length} bytes, at most {MaximumFileBytes} are read.");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static byte[] Fingerprint(byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] content in contents)
        {
            hash.AppendData(SHA256.HashData(content));
        }

        return hash.GetHashAndReset();
    }
}
