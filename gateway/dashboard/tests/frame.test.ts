import { describe, expect, it } from 'vitest';
import { marked, offered, pageLinks } from '../src/logic/pages';
import { byPlace, everywhere, isTyping, ShortcutSequence, type Shortcut } from '../src/logic/shortcuts';

const all = (): boolean => true;

describe('pages', () => {
  it('links only what exists', () => {
    expect(offered((page) => page === 'wall' || page === 'alarms', () => true).map((link) => link.page)).toEqual(['wall', 'alarms']);
  });

  it('offers nobody a page that their role may not use', () => {
    const viewer = offered(all, (role) => role === 'viewer').map((link) => link.page);
    expect(viewer).toContain('nodes');
    expect(viewer).not.toContain('accounts');
    expect(viewer).not.toContain('delivery');
    expect(offered(all, () => true)).toHaveLength(pageLinks.length);
    expect(offered(all, () => false)).toEqual([]);
  });

  it('has a key of its own for each', () => {
    expect(new Set(pageLinks.map((link) => link.key)).size).toBe(pageLinks.length);
  });

  it('marks the bench while a cell is shown', () => {
    expect(marked('cell')).toBe('wall');
    expect(marked('alarms')).toBe('alarms');
  });
});

describe('shortcuts', () => {
  const key = (keys: string): Shortcut => ({ keys, words: keys, group: 'test', run: () => {} });
  const known = [key('?'), key('g b'), key('g a'), key('a')];

  it('completes a sequence', () => {
    const sequence = new ShortcutSequence();
    expect(sequence.press('g', 0, known)).toBe('begun');
    expect(sequence.press('a', 100, known)).toBe(known[2]);
  });

  it('takes a key alone for itself', () => {
    const sequence = new ShortcutSequence();
    expect(sequence.press('a', 0, known)).toBe(known[3]);
    expect(sequence.press('?', 0, known)).toBe(known[0]);
    expect(sequence.press('x', 0, known)).toBeNull();
  });

  it('forgets a sequence that is not continued', () => {
    const sequence = new ShortcutSequence();
    sequence.press('g', 0, known);
    expect(sequence.press('b', 5000, known)).toBeNull();
    sequence.press('g', 6000, known);
    expect(sequence.press('a', 9000, known)).toBe(known[3]);
  });

  it('is still there after a wrong second key', () => {
    const sequence = new ShortcutSequence();
    sequence.press('g', 0, known);
    expect(sequence.press('x', 100, known)).toBeNull();
    expect(sequence.press('g', 200, known)).toBe('begun');
    expect(sequence.press('b', 300, known)).toBe(known[1]);
  });

  it('asks a page before the frame, whichever was drawn last', () => {
    const [frame, older, newer] = [{ ...key('m'), group: everywhere }, key('m'), key('m')];
    expect(byPlace([older, frame, newer])[0]).toBe(newer);
    expect(byPlace([older, newer, frame])[0]).toBe(newer);
    expect(byPlace([frame])).toEqual([frame]);
  });

  it('leaves typing alone', () => {
    expect(isTyping({ tagName: 'INPUT', type: 'search' })).toBe(true);
    expect(isTyping({ tagName: 'textarea' })).toBe(true);
    expect(isTyping({ tagName: 'SELECT' })).toBe(true);
    expect(isTyping({ tagName: 'DIV', isContentEditable: true })).toBe(true);
    expect(isTyping({ tagName: 'INPUT', type: 'radio' })).toBe(false);
    expect(isTyping({ tagName: 'A' })).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});
