// Keys of the alarm desk. They act on the row that has the focus, and never while something is typed or asked.
import { useEffect, useRef } from 'preact/hooks';
import { isTyping, type Shortcut } from '../logic/shortcuts';
import { useShortcuts } from '../state/shortcuts';

/** What the keys call; a row is named by its `data-row`. */
export interface DeskKeys {
  readonly open: (row: string) => void;
  readonly acknowledge: (row: string | null) => void;
  readonly shelve: (row: string | null) => void;
  readonly select: (row: string) => void;
  readonly search: () => void;
}

const rowOf = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>('[data-row]') ?? null;

const nameOf = (row: HTMLElement | null): string | null => row?.dataset['row'] ?? null;

let lastRow: string | null = null;

/** The row with the focus; where that was lost with a button that went away, the row it was in. */
function currentRow(): HTMLElement | null {
  const focused = document.activeElement;
  const row = rowOf(focused) ?? (focused === document.body && lastRow !== null ? document.querySelector<HTMLElement>(`main [data-row="${CSS.escape(lastRow)}"]`) : null);
  lastRow = row?.dataset['row'] ?? lastRow;
  return row;
}

/** Moves the focus to the next row (1) or the one before (-1); to the first or last from elsewhere. */
function move(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const now = currentRow();
  const at = now ? rows.indexOf(now) : -1;
  const next = at < 0 ? (step > 0 ? rows[0] : rows.at(-1)) : rows[at + step];
  lastRow = next?.dataset['row'] ?? lastRow;
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function useDeskKeys(keys: DeskKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  const add = (key: string, words: string, act: (row: string | null) => void): Shortcut => ({ keys: key, words, group: 'Alarms', run: () => act(nameOf(currentRow())) });
  useShortcuts([
    add('j', 'Next alarm; in the list the arrow keys too, and Enter opens it', () => move(1)),
    add('k', 'Previous alarm', () => move(-1)),
    add('a', 'Acknowledge the alarm, the incident, or what is selected', keys.acknowledge),
    add('s', 'Shelve the alarm, the incident, or what is selected', keys.shelve),
    add('x', 'Select or leave out', (row) => row !== null && keys.select(row)),
    add('/', 'Search', keys.search),
  ]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target as HTMLElement | null) || document.querySelector('dialog[open]')) {
        return;
      }
      const row = currentRow();
      const name = nameOf(row);
      // On a button or a link inside the row it is that which opens.
      if (event.key === 'Enter' && name !== null && (event.target === row || event.target === document.body)) {
        event.preventDefault();
        latest.current.open(name);
      } else if (/^Arrow(?:Down|Up)$/.test(event.key) && row?.contains(event.target as Node)) {
        event.preventDefault();
        move(event.key === 'ArrowDown' ? 1 : -1);
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
