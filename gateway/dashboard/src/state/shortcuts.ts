// The shortcuts that hold now. Pages add theirs while they are shown; all of them stand in the help.
import { useLayoutEffect, useState } from 'preact/hooks';
import { byPlace, isTyping, ShortcutSequence, type Shortcut } from '../logic/shortcuts';
import { recall, remember } from './settings';

const known = new Set<Shortcut>();
const watchers = new Set<() => void>();
let isTelling = false;
const sequence = new ShortcutSequence();
let isOn = recall('shortcuts') !== 'off';

function pressed(event: KeyboardEvent): void {
  if (!isOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target as HTMLElement | null)) {
    return;
  }
  // A dialog has the keyboard to itself.
  if (document.querySelector('dialog[open]')) {
    return;
  }
  const found = sequence.press(event.key, performance.now(), byPlace(known));
  if (found !== null) {
    event.preventDefault();
    if (found !== 'begun') {
      found.run();
    }
  }
}

if (typeof document !== 'undefined') {
  document.addEventListener('keydown', pressed);
}

// Once for all that a page adds at a time, and never while it is being drawn.
function changed(): void {
  if (!isTelling) {
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      watchers.forEach((watcher) => watcher());
    });
  }
}

/** Tells of every change of those that hold, until the answer is called; they may be the same as before. */
export function watchShortcuts(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Adds shortcuts while the component is shown: from the moment on in which it can be seen, not a frame later. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useLayoutEffect(() => {
    shortcuts.forEach((shortcut) => known.add(shortcut));
    changed();
    return () => {
      shortcuts.forEach((shortcut) => known.delete(shortcut));
      changed();
    };
  });
}

/** Those that hold now, for the help. */
export const shortcutsNow = (): readonly Shortcut[] => [...known];

/** Single keys can be in the way of speech input, so they can be switched off. */
export function useShortcutSwitch(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(isOn);
  const choose = (next: boolean): void => {
    isOn = next;
    remember('shortcuts', next ? null : 'off');
    setOn(next);
  };
  return [on, choose];
}
