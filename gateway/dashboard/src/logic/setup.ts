// What a form of the set-up can say before the gateway is asked: the same rules, in the gateway's own figures.
import type { ProfileBody, ProfileFigure, SetupChannel } from '../api/setup-types';

const name = /^[A-Za-z0-9._-]{1,64}$/;

/** What is wrong with a name; null where nothing is. */
export function nameProblem(text: string, what: string): string | null {
  if (text === '') {
    return null;
  }
  return name.test(text) && text !== '.' && text !== '..' && text !== '_gateway'
    ? null
    : `A ${what} has 1 to 64 of A-Z a-z 0-9 . _ - (no spaces).`;
}

/** A number as people write it; null for an empty text, NaN for what is none. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(',', '.').replace('\u2212', '-');
  return trimmed === '' ? null : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** Degrees as people write them. */
export const shownUnit = (unit: string): string => (unit === 'C' ? '°C' : unit === 'C/s' ? '°C/s' : unit);

/** What is wrong with a figure; null where nothing is. */
export function figureProblem(figure: ProfileFigure, text: string): string | null {
  const value = numberOf(text);
  if (value === null) {
    return null;
  }
  const unit = shownUnit(figure.unit);
  return Number.isNaN(value)
    ? `${text} is not a number.`
    : value < figure.least || value > figure.most
      ? `${text} is outside ${figure.least} to ${figure.most}${unit === '' ? '' : ` ${unit}`}.`
      : null;
}

/** True where a limit protects less than the profile's own. */
export function isLooser(figure: ProfileFigure, value: number, profile: ProfileBody | null): boolean {
  const own = profile?.[figure.name];
  return typeof own === 'number' && (figure.name === 'minimumVoltageV' ? value < own : value > own);
}

/** Rows for the table: those that match what is looked for. */
export function matching(channels: readonly SetupChannel[], text: string): readonly SetupChannel[] {
  const sought = text.trim().toLowerCase();
  return sought === ''
    ? channels
    : channels.filter((each) => [each.node, `${each.node}/${each.channel}`, each.cell, each.label, each.bench, each.profile ?? '', each.running?.cell ?? '']
      .some((field) => field.toLowerCase().includes(sought)));
}

/** A curve as lines "cycle ratio", and back; null for an empty text. What is no curve comes back as it is, for the gateway to refuse. */
export const curveText = (curve: unknown): string =>
  Array.isArray(curve) ? curve.map((point) => (Array.isArray(point) ? point.join(' ') : String(point))).join('\n') : '';

export function curveOf(text: string): unknown {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return lines.length === 0 ? null : lines.map((line) => line.split(/[\s;,]+/).map((part) => {
    const value = numberOf(part);
    return value === null || Number.isNaN(value) ? part : value;
  }));
}

/** Fields in which two profiles differ. */
export function differences(a: ProfileBody, b: ProfileBody): readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((field) => ({ field, before: a[field] ?? null, after: b[field] ?? null }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

/** A free name for a copy. */
export function copyName(original: string, taken: readonly string[]): string {
  const base = original.slice(0, 55);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? `${base}-copy` : `${base}-copy-${number}`;
    if (!taken.includes(candidate)) {
      return candidate;
    }
  }
}
