// The range of time that is shown, and how it is moved. Seconds of the samples' own clock.

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Following the newest sample with a width, all of the test where it is null; or a range of one's own. */
export type View = { readonly kind: 'live'; readonly span: number | null } | { readonly kind: 'fixed'; readonly range: Range };

/** Shortest range: the last second is shown in full, with its neighbours. */
export const shortestSeconds = 0.5;

export const ranges: readonly { readonly words: string; readonly seconds: number | null }[] = [
  { words: '1 min', seconds: 60 },
  { words: '10 min', seconds: 600 },
  { words: '1 h', seconds: 3600 },
  { words: '6 h', seconds: 21_600 },
  { words: '1 d', seconds: 86_400 },
  { words: '1 week', seconds: 604_800 },
  { words: 'All', seconds: null },
];

export const lengthOf = (range: Range): number => range.to - range.from;

/** What a view shows of a test that reaches over `whole`. */
export function rangeOf(view: View, whole: Range): Range {
  if (view.kind === 'fixed') {
    return view.range;
  }
  // A little room at the right, so that the newest sample is not on the edge.
  const span = view.span ?? Math.max(lengthOf(whole), shortestSeconds);
  return { from: whole.to - span, to: whole.to + span * 0.02 };
}

/** Widest range: all of the test and a margin. */
const widest = (whole: Range): number => Math.max(lengthOf(whole) * 1.1, 10 * shortestSeconds);

/** Brought within what can be shown: not shorter, not wider, and not away from the test. */
export function within(range: Range, whole: Range): Range {
  const span = Math.min(Math.max(lengthOf(range), shortestSeconds), widest(whole));
  const middle = (range.from + range.to) / 2;
  // At least a tenth of the range shows the test.
  const earliest = whole.from - span * 0.9;
  const latest = whole.to - span * 0.1;
  const from = Math.min(Math.max(middle - span / 2, earliest), latest);
  return { from, to: from + span };
}

/** Wider (factor above 1) or narrower, with the time under `anchor` staying where it is. */
export function zoomed(range: Range, factor: number, anchor: number, whole: Range): Range {
  const span = Math.min(Math.max(lengthOf(range) * factor, shortestSeconds), widest(whole));
  const share = lengthOf(range) > 0 ? (anchor - range.from) / lengthOf(range) : 0.5;
  return within({ from: anchor - span * share, to: anchor + span * (1 - share) }, whole);
}

export const panned = (range: Range, seconds: number, whole: Range): Range =>
  within({ from: range.from + seconds, to: range.to + seconds }, whole);

/** What a key does to the range; null where it does nothing to it. */
export function afterKey(key: string, shift: boolean, range: Range, whole: Range): Range | null {
  const span = lengthOf(range);
  const middle = (range.from + range.to) / 2;
  switch (key) {
    case 'ArrowLeft': return panned(range, -span * (shift ? 0.5 : 0.1), whole);
    case 'ArrowRight': return panned(range, span * (shift ? 0.5 : 0.1), whole);
    case 'PageUp': return panned(range, -span, whole);
    case 'PageDown': return panned(range, span, whole);
    case '+': case '=': case 'ArrowUp': return zoomed(range, 0.5, middle, whole);
    case '-': case '_': case 'ArrowDown': return zoomed(range, 2, middle, whole);
    case 'Home': return within({ from: whole.from, to: whole.from + span }, whole);
    case 'End': return within({ from: whole.to - span, to: whole.to }, whole);
    default: return null;
  }
}

/** A length of time with one or two significant figures and its unit, as short as it is exact enough: "12 s", "0.25 s", "34 min". */
export function lengthWords(seconds: number): string {
  for (const [unit, size] of [['d', 86_400], ['h', 3600], ['min', 60]] as const) {
    if (seconds >= 2 * size) {
      return `${Number((seconds / size).toPrecision(2))} ${unit}`;
    }
  }
  return `${seconds >= 10 ? Math.round(seconds) : Number(seconds.toPrecision(2))} s`;
}
