// The list of keys, opened by `?`.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { everywhere, type Shortcut } from '../logic/shortcuts';
import { shortcutsNow, useShortcuts, watchShortcuts } from '../state/shortcuts';

const isSame = (a: readonly Shortcut[], b: readonly Shortcut[]): boolean =>
  a.length === b.length && a.every((shortcut, i) => shortcut.keys === b[i]!.keys && shortcut.words === b[i]!.words);

export function ShortcutHelp(): JSX.Element | null {
  const [shown, setShown] = useState<readonly Shortcut[] | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useShortcuts([{ keys: '?', words: 'This list', group: everywhere, run: () => setShown(shortcutsNow()) }]);
  // Before anything else happens: an Escape that comes at once must find it open.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (shown) {
      element?.showModal();
    }
    return () => element?.close();
  }, [shown !== null]);
  // A page that is still coming adds its keys to a list that is open already.
  useEffect(() => watchShortcuts(() => setShown((old) => {
    const now = shortcutsNow();
    return old === null || isSame(old, now) ? old : now;
  })), []);
  if (!shown) {
    return null;
  }
  const groups = [...new Set(shown.map((shortcut) => shortcut.group))];
  return (
    <dialog ref={dialog} class="shortcuts" aria-labelledby="shortcuts-title" onClose={() => setShown(null)}>
      <form method="dialog">
        <h2 id="shortcuts-title">Keyboard</h2>
        <div class="shortcut-groups">
          {groups.map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {shown.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                  <div key={shortcut.keys}><dt>{shortcut.keys.replace(' / ', ' ').split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{shortcut.words}</dd></div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <div class="buttons"><button type="submit" class="primary">Close</button></div>
      </form>
    </dialog>
  );
}
