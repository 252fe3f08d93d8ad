using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>A page worked by its keyboard alone.</summary>
internal static class PageKeys
{
    private const float Patience = 30_000;

    /// <summary>Presses Tab until the wanted element has the focus.</summary>
    public static async Task TabToAsync(IPage page, ILocator wanted)
    {
        await Expect(wanted).ToBeVisibleAsync(new() { Timeout = Patience });
        for (int press = 0; press < 120 && !await wanted.EvaluateAsync<bool>("element => element === document.activeElement"); press++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await Expect(wanted).ToBeFocusedAsync();
    }
}
