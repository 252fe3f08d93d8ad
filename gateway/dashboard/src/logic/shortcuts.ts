// Keyboard shortcuts: single keys and sequences such as `g a`. Pure, so that the rules can be tested without a keyboard.

export interface Shortcut {
  /** Keys in order, separated by a space: `?`, `/`, `g b`. */
  readonly keys: string;
  /** What it does, for the help. */
  readonly words: string;
  /** Heading in the help. */
  readonly group: string;
  readonly run: () => void;
}

/** The group of what the frame of all pages offers. */
export const everywhere = 'Everywhere';

/** In the order in which they are asked: a page may give a key of the frame its own meaning, whichever of both was drawn last; within a page the newest holds. */
export function byPlace(known: Iterable<Shortcut>): readonly Shortcut[] {
  const newest = [...known].reverse();
  return [...newest.filter(({ group }) => group !== everywhere), ...newest.filter(({ group }) => group === everywhere)];
}

/** A sequence not continued within this time is forgotten, milliseconds. */
const patienceMilliseconds = 1500;

/** Follows the keys pressed and tells which shortcut they complete. */
export class ShortcutSequence {
  private begun = '';
  private at = -Infinity;

  /** Takes a key; returns the shortcut it completes, `begun` where it may still become one, or null. */
  press(key: string, milliseconds: number, known: Iterable<Shortcut>): Shortcut | 'begun' | null {
    const lead = milliseconds - this.at <= patienceMilliseconds ? this.begun : '';
    this.begun = '';
    const pressed = lead === '' ? key : `${lead} ${key}`;
    let single: Shortcut | null = null;
    let isLead = false;
    for (const shortcut of known) {
      if (shortcut.keys === pressed) {
        return shortcut;
      }
      isLead ||= shortcut.keys.startsWith(`${pressed} `);
      if (shortcut.keys === key) {
        single = shortcut;
      }
    }
    if (isLead) {
      this.begun = pressed;
      this.at = milliseconds;
      return 'begun';
    }
    return single;
  }
}

/** Where a key means a letter and not an order. */
export function isTyping(target: { readonly tagName?: string; readonly type?: string; readonly isContentEditable?: boolean } | null): boolean {
  if (!target) {
    return false;
  }
  const tag = target.tagName?.toUpperCase();
  const isButton = tag === 'INPUT' && ['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color'].includes(target.type ?? '');
  return target.isContentEditable === true || tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && !isButton);
}
