// Numbers and units as people read them: fixed decimals, a true minus sign, the unit last, and an absence that looks like one.

/** Shown where there is no value; always comes with a title saying why. */
export const dash = '\u2013';

const minus = '\u2212';
/** Between a number and its unit, so that a line never breaks there. */
export const gap = '\u00a0';
const thin = '\u202f';

/** Fixed decimals with U+2212 for negative values and never "-0"; null, NaN and infinities become a dash. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return dash;
  }
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? minus + text : text;
}

/** As {@link fixed}, with a plus sign on positive values: the direction of a current is information. */
export function signed(value: number | null | undefined, decimals: number): string {
  const text = fixed(value, decimals);
  return text !== dash && Number(value) > 0 && Number(text) !== 0 ? `+${text}` : text;
}

export const volts = (value: number | null | undefined): string => fixed(value, 4);
export const amperes = (value: number | null | undefined): string => signed(value, 3);
export const celsius = (value: number | null | undefined): string => fixed(value, 1);
export const ampereHours = (value: number | null | undefined): string => fixed(value, 4);

/** A ratio (0.9312) as a percentage without its sign ("93.1"). */
export const percent = (ratio: number | null | undefined, decimals = 1): string =>
  fixed(ratio === null || ratio === undefined ? null : ratio * 100, decimals);

/** Volts shown as millivolts, one decimal. */
export const millivolts = (value: number | null | undefined): string =>
  fixed(value === null || value === undefined ? null : value * 1000, 1);

/** Whole number with thin spaces between thousands. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return dash;
  }
  return fixed(value, 0).replace(/\B(?=(\d{3})+(?!\d))/g, thin);
}

interface UnitStyle {
  readonly symbol: string;
  readonly decimals: number;
  readonly factor: number;
}

const unitStyles: Readonly<Record<string, UnitStyle>> = {
  V: { symbol: 'V', decimals: 3, factor: 1 },
  mV: { symbol: 'mV', decimals: 1, factor: 1 },
  A: { symbol: 'A', decimals: 3, factor: 1 },
  Ah: { symbol: 'Ah', decimals: 4, factor: 1 },
  Wh: { symbol: 'Wh', decimals: 3, factor: 1 },
  W: { symbol: 'W', decimals: 3, factor: 1 },
  C: { symbol: '°C', decimals: 1, factor: 1 },
  '°C': { symbol: '°C', decimals: 1, factor: 1 },
  degC: { symbol: '°C', decimals: 1, factor: 1 },
  K: { symbol: 'K', decimals: 1, factor: 1 },
  'K/s': { symbol: 'K/s', decimals: 2, factor: 1 },
  'C/s': { symbol: 'K/s', decimals: 2, factor: 1 },
  '°C/s': { symbol: 'K/s', decimals: 2, factor: 1 },
  'K/min': { symbol: 'K/min', decimals: 2, factor: 1 },
  'C/min': { symbol: 'K/min', decimals: 2, factor: 1 },
  'V/s': { symbol: 'V/s', decimals: 3, factor: 1 },
  Ohm: { symbol: 'mΩ', decimals: 1, factor: 1000 },
  ohm: { symbol: 'mΩ', decimals: 1, factor: 1000 },
  'Ω': { symbol: 'mΩ', decimals: 1, factor: 1000 },
  ratio: { symbol: '%', decimals: 1, factor: 100 },
  fraction: { symbol: '%', decimals: 1, factor: 100 },
  '1': { symbol: '%', decimals: 1, factor: 100 },
  '%': { symbol: '%', decimals: 1, factor: 1 },
  s: { symbol: 's', decimals: 1, factor: 1 },
  count: { symbol: '', decimals: 0, factor: 1 },
};

/** The SI symbol a unit of the API is shown with. */
export const unitSymbol = (unit: string): string => unitStyles[unit]?.symbol ?? unit;

/** A value of the API in its display unit, without the unit. An unknown unit keeps four significant digits. */
export function inUnit(value: number | null | undefined, unit: string): string {
  const style = unitStyles[unit];
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return dash;
  }
  if (!style) {
    return String(Number(value.toPrecision(4))).replace('-', minus);
  }
  const decimals = unit === 's' && Math.abs(value) >= 10 ? 0 : style.decimals;
  return fixed(value * style.factor, decimals);
}

/** "61.2 against a limit of 60.0 °C" in the shortest form that keeps value, limit and unit. */
export function againstLimit(observed: number | null, limit: number | null, unit: string, measure = ''): string {
  const symbol = unitSymbol(unit);
  const tail = symbol === '' ? '' : gap + symbol;
  if (observed === null && limit === null) {
    return '';
  }
  if (limit === null) {
    return inUnit(observed, unit) + tail;
  }
  if (observed === null) {
    return `limit ${inUnit(limit, unit)}${tail}`;
  }
  // What is foreseen must not be read as what is: the retention beside it is today's.
  const foreseen = measure.startsWith('projected') ? 'projected ' : '';
  return `${foreseen}${inUnit(observed, unit)}${tail}, limit ${inUnit(limit, unit)}${tail}`;
}
