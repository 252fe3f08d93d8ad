namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Which files a test takes, and by what their first bytes are known: a browser must never be given a page or a script of somebody's
/// under our own address, so what is no picture, video, PDF or plain text is refused, whatever it calls itself.
/// </summary>
internal static class MediaTypes
{
    private static readonly Dictionary<string, Func<byte[], bool>> Known = new(StringComparer.Ordinal)
    {
        ["image/jpeg"] = head => Begins(head, 0, [0xFF, 0xD8, 0xFF]),
        ["image/png"] = head => Begins(head, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ["image/webp"] = head => Begins(head, 0, "RIFF"u8) && Begins(head, 8, "WEBP"u8),
        ["image/gif"] = head => Begins(head, 0, "GIF8"u8),
        ["video/mp4"] = head => Begins(head, 4, "ftyp"u8),
        ["video/quicktime"] = head => Begins(head, 4, "ftyp"u8) || Begins(head, 4, "moov"u8) || Begins(head, 4, "wide"u8),
        ["video/webm"] = head => Begins(head, 0, [0x1A, 0x45, 0xDF, 0xA3]),
        ["application/pdf"] = head => Begins(head, 0, "%PDF-"u8),
        ["text/plain"] = IsText,
        ["text/csv"] = IsText,
    };

    /// <summary>The types that are taken.</summary>
    public static IReadOnlyList<string> Taken { get; } = [.. Known.Keys];

    /// <summary>True for what a browser shows inside our pages.</summary>
    public static bool IsImage(string mediaType) => mediaType.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>The type without its parameters, in lower case.</summary>
    public static string Plain(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Why a file is not taken; null where it is.</summary>
    /// <param name="mediaType">What it claims to be.</param>
    /// <param name="head">Its first bytes.</param>
    public static string? Problem(string mediaType, ReadOnlySpan<byte> head)
    {
        if (!Known.TryGetValue(mediaType, out Func<byte[], bool>? isOf))
        {
            return $"Content-Type '{(mediaType.Length <= 80 ? mediaType : mediaType[..80])}' is not taken; these are: {string.Join(", ", Taken)}.";
        }

        return isOf(head.ToArray()) ? null : $"The file does not begin as {mediaType} does.";
    }

    private static bool Begins(byte[] head, int at, ReadOnlySpan<byte> with) => head.Length >= at + with.Length && head.AsSpan(at, with.Length).SequenceEqual(with);

    private static bool IsText(byte[] head) => !head.AsSpan().Contains((byte)0);
}
