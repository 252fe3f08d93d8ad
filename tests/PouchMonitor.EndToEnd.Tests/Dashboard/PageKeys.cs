using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>A page worked by its keyboard alone.</summary>
internal static class PageKeys
{
    private const float Patience = 30_000;

    /// <summary>
    /// Opens the browser's own choice of files by the focused input. A loaded browser may let the key's moment pass before it has asked
    /// whether a person pressed it; a person presses again.
    /// </summary>
    public static async Task<IFileChooser> ChooseFileAsync(IPage page)
    {
        const int Presses = 3;
        for (int press = 1; ; press++)
        {
            try
            {
                return await page.RunAndWaitForFileChooserAsync(() => page.Keyboard.PressAsync("Enter"), new() { Timeout = Patience / Presses });
            }
            catch (TimeoutException) when (press < Presses)
            {
                // Once more.
            }
        }
    }

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
