using System.Text;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Host.Board;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>The first settings of a node: checked like all others, and no secret is shown again.</summary>
public sealed class SetupFormTests
{
    private const string Secret = "hunter2<geheim>";
    private readonly EmulatedFlash flash = new(new VirtualClock());

    [Fact]
    public void ThePage_TakesWholeSettingsAndIsDone()
    {
        SetupForm form = new(new SettingsStore(flash));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", form.Answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        string answer = form.Answer(Post($"node = n1\r\nwifiPassword = {Secret}\r\nbrokerHost = h\r\nchannel.1.label = c1\r\n"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.True(form.IsDone);
        Assert.DoesNotContain("hunter2", answer, StringComparison.Ordinal);
        Assert.Equal(Secret, new SettingsStore(flash).Load(out _)!.WifiPassword);
        int body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(answer[body..])}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void ASecretThatWasShownMasked_StaysWhenThePageIsSavedAgain()
    {
        new SettingsStore(flash).Save($"node = n1\nwifiPassword = {Secret}\nbrokerHost = h\nchannel.1.label = c1\n", "");
        SetupForm form = new(new SettingsStore(flash));
        Assert.Contains("wifiPassword = (set)", form.Answer("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        form.Answer(Post("node = n2\nwifiPassword = (set)\n"));
        Assert.True(form.IsDone);
        Assert.Equal(Secret, new SettingsStore(flash).Load(out _)!.WifiPassword);
        Assert.Equal("n2", new SettingsStore(flash).Load(out _)!.Node);
    }

    [Theory]
    [InlineData("node = n1\nnonsense\n", "line 2: it is not name = value")]
    [InlineData("node = n1\nbrokerPort = 99999\nbrokerHost = h\nchannel.1.label = c", "brokerPort is 99999, must be 1 to 65535")]
    [InlineData("nod = <script>\n", "there is no setting &#39;nod&#39;")]
    [InlineData("node = <script>\n", "node &#39;&#60;script&#62;&#39; is not")]
    public void BadSettings_ChangeNothingAndAreToldWithoutMarkup(string settings, string expected)
    {
        SetupForm form = new(new SettingsStore(flash));
        string answer = form.Answer(Post(settings));
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", answer, StringComparison.Ordinal);
        Assert.False(form.IsDone);
        Assert.Equal("", new SettingsStore(flash).Text);
    }

    [Theory]
    [InlineData("GET / HT", -1)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 18)]
    [InlineData("POST / HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\nab", 43)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", -2)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", -2)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 2000000000\r\n\r\n", -2)]
    public void TheLengthOfARequest_IsKnownFromItsHeadAndBounded(string head, int expected) =>
        Assert.Equal(expected, SetupForm.LengthOf(head));

    [Theory]
    [InlineData("settings=a+b%3D%c3%a9&x=1", "a b=é")]
    [InlineData("settings=%4", null)]
    [InlineData("settings=%zz", null)]
    [InlineData("settings=é", null)]
    [InlineData("setting=1", null)]
    public void AFormField_IsDecodedOrRefused(string body, string? expected) => Assert.Equal(expected, SetupForm.FieldOf(body, "settings"));

    [Fact]
    public void OtherPaths_AreNotServed() =>
        Assert.StartsWith("HTTP/1.1 404", new SetupForm(new SettingsStore(flash)).Answer("GET /x HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public void TheKey_IsDrawnOnceAndLongEnoughForWpa2()
    {
        string key = SetupKey.Get(flash, [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 37))])!;
        Assert.Equal(16, key.Length);
        Assert.Equal(key, SetupKey.Get(flash, new byte[16]));
        flash.IsWorn = true;
        Assert.Null(SetupKey.Get(new EmulatedFlash(new VirtualClock()) { IsWorn = true }, new byte[16]));
    }

    private static string Post(string settings)
    {
        string body = "settings=" + Uri.EscapeDataString(settings).Replace("%20", "+", StringComparison.Ordinal);
        return $"POST / HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
