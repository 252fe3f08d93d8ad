// What each viewer sets for this browser: theme, time zone, spacing, single-key shortcuts. Opens as a dialog, so that Escape closes it
// and the focus comes back by itself.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { clock, localZoneName, useZone } from '../state/clock';
import { useShortcutSwitch } from '../state/shortcuts';
import { themes, themeWords, useTheme } from '../state/theme';
import { Choice } from './choice';

export function Preferences(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="plain preferences-button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <svg class="glyph" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4.5h5M11 4.5h3M2 11.5h2M8 11.5h6M9 2.5v4M6 9.5v4" /></svg>
        <span class="preferences-words">Settings</span>
      </button>
      {isOpen ? <PreferencesDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function PreferencesDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [theme, setTheme] = useTheme();
  const [zone, setZone] = useZone();
  const [hasKeys, setKeys] = useShortcutSwitch();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class="preferences" aria-labelledby="preferences-title" onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <form method="dialog">
        <h2 id="preferences-title">Settings of this browser</h2>
        <Choice name="theme" legend="Theme" options={themes.map((value) => [value, themeWords[value]] as const)} chosen={theme} onChoose={setTheme} />
        <Choice name="zone" legend="Times" options={[['local', `Local (${localZoneName()})`], ['utc', 'UTC']] as const} chosen={zone} onChoose={setZone} />
        <p class="hint">Every time on every page is in {clock.zoneName}.</p>
        <label class="check"><input type="checkbox" checked={hasKeys} onChange={(event) => setKeys(event.currentTarget.checked)} /> Single-key shortcuts (press <kbd>?</kbd> for the list)</label>
        <p><a href="#/?kiosk" onClick={onClose}>Show the bench as a wall screen</a>, large and with nothing to press.</p>
        <div class="buttons"><button type="submit" class="primary">Done</button></div>
      </form>
    </dialog>
  );
}
