using System.Text;

namespace PouchMonitor.Formats.Tables;

/// <summary>
/// Text of names and words of a file: UTF-8, or else the Chinese GB18030 where that gives words that cyclers write, or
/// else Latin-1, which every byte has a letter in. Numbers are ASCII in all three and are never decoded.
/// </summary>
internal sealed class TextDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    private static readonly string[] ChineseWords = ["电压", "电流", "工步", "循环", "时间", "容量"];
    private readonly Encoding encoding;

    private TextDecoder(Encoding encoding) => this.encoding = encoding;

    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Chooses by the start of a file; a character cut at its end does not count.</summary>
    public static TextDecoder For(ReadOnlySpan<byte> start)
    {
        int lastLine = start.LastIndexOf((byte)'\n');
        ReadOnlySpan<byte> whole = lastLine > 0 ? start[..lastLine] : start;
        try
        {
            _ = StrictUtf8.GetCharCount(whole);
            return new TextDecoder(Encoding.UTF8);
        }
        catch (DecoderFallbackException)
        {
            string text = Chinese.GetString(whole);
            return new TextDecoder(ChineseWords.Any(word => text.Contains(word, StringComparison.Ordinal)) ? Chinese : Encoding.Latin1);
        }
    }

    public string Decode(ReadOnlySpan<byte> bytes) => encoding.GetString(bytes);
}
