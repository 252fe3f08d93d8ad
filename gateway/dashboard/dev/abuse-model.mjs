// DEVELOPMENT AID: the made-up event of an abuse test at the stand-in, as a function of the seconds since the trigger. The figures are
// invented for looking at the page; nothing here models a real cell.
const noise = (t, k) => Math.sin(t * 7.31 * k) * 0.5 + Math.sin(t * 3.17 * k) * 0.5;

/** What the plans do at the stand-in. `mild` warms up and comes back. */
export const outcomes = { nail: 'runaway', oven: 'runaway', overcharge: 'runaway', crush: 'runaway' };

/** Temperature of the cell's surface, s after the trigger (negative before it), C. */
export function surfaceC(outcome, s) {
  if (s < 0) return 25.2 + noise(s, 1) * 0.05;
  if (outcome !== 'runaway') return 25.2 + 34 * (1 - Math.exp(-s / 6)) * Math.exp(-Math.max(0, s - 8) / 40);
  if (s < 6) return 25.2 + s * 1.4 + s * s * 0.35;
  if (s < 11) return surfaceC(outcome, 5.999) + (s - 6) ** 2 * 22;
  return 25 + (surfaceC(outcome, 10.999) - 25) * Math.exp(-(s - 11) / 22);
}

export function voltageV(outcome, s) {
  if (s < 0) return 4.182 + noise(s, 3) * 0.0006;
  if (outcome !== 'runaway') return 4.182 - 1.1 * (1 - Math.exp(-s / 2)) + 0.2 * (1 - Math.exp(-s / 30));
  return s < 4 ? 4.182 - 0.5 * Math.exp(-s) - s * 0.24 : s < 7 ? Math.max(0.02, 2.7 * Math.exp(-(s - 4) * 1.6)) : 0.018 + noise(s, 5) * 0.004;
}

export const currentA = (outcome, s) => (outcome === 'runaway' ? noise(s, 2) * 0.002 : s < 0 ? 0 : -18 * Math.exp(-s / 9));

/** One row: seconds, voltage, current, surface, tab, infrared, ambient. The thermistor at the tab is lost in a runaway. */
export function row(outcome, t, trigger) {
  const s = trigger === null ? -1 - Math.abs(t % 7) : t - trigger;
  const hot = surfaceC(outcome, s);
  return [t, voltageV(outcome, s), currentA(outcome, s), hot, outcome === 'runaway' && s > 9 ? null : hot * 0.82 + 4.4, 25.4 + (hot - 25) * 1.12, 24.6 + Math.max(0, s) * 0.02];
}

export const columns = [['voltage', 'Voltage', 'V'], ['current', 'Current', 'A'], ['surface', 'Surface', 'C'], ['tab', 'Tab', 'C'], ['infrared', 'Infrared', 'C'], ['ambient', 'Ambient', 'C']];

/** An image of 8 by 8 with a spot that spreads. */
export function image(outcome, t, trigger) {
  const hot = row(outcome, t, trigger)[5];
  const wide = 2.2 + Math.max(0, (trigger === null ? 0 : t - trigger)) * 0.12;
  return { at: t, rows: 8, columns: 8, temperaturesC: Array.from({ length: 64 }, (_, i) => 25 + (hot - 25) * Math.exp(-(((i % 8) - 4.2) ** 2 + (Math.floor(i / 8) - 3.1) ** 2) / wide ** 2) + noise(t + i, 3) * 0.3) };
}
