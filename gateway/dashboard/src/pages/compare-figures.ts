// Lines and rows of a comparison: one for each cell, or for each cohort its median with its spread.
import { cohortLine, evenPlaces, groupOf, lineOf, measures, subjectReferenceAh, type Axis, type CohortPoint, type Grouping, type Measure, type Point, type Subject } from '../logic/cohort';
import { middle, projectionWords } from '../logic/cycles';
import type { Figure, FigureLine } from '../plots/cycle-figures';

export interface Group {
  readonly name: string;
  readonly subjects: readonly Subject[];
}

export function groupsOf(subjects: readonly Subject[], grouping: Grouping, benchOf: (cell: string) => string): Group[] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const name = groupOf(subject.cell, subject.profile, benchOf(subject.cell), grouping);
    groups.set(name, [...(groups.get(name) ?? []), subject]);
  }
  return [...groups].map(([name, members]) => ({ name, subjects: members }));
}

const hues = [168, 215, 25, 285, 48, 340, 120, 195];
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** A colour and a dash of the n-th line: neighbours differ in both, and 24 lines in either. */
export function styleOf(at: number, isDark: boolean): { readonly colour: string; readonly dash: readonly number[] } {
  const hue = hues[at % hues.length] as number;
  return { colour: `hsl(${hue} ${isDark ? 65 : 80}% ${isDark ? 66 : 33}%)`, dash: dashes[at % dashes.length] ?? [] };
}

interface Line {
  readonly group: Group;
  readonly points: readonly CohortPoint[];
}

function lineOfGroup(group: Group, measure: Measure, axis: Axis): Line {
  const lines: Point[][] = group.subjects.map((subject) => lineOf(subject, measure, axis));
  if (lines.length === 1) {
    return { group, points: (lines[0] as Point[]).map(({ x, y }) => ({ x, median: y, low: y, high: y, count: 1 })) };
  }
  const isExact = axis === 'cycle';
  const places = isExact ? [...new Set(lines.flat().map(({ x }) => x))].sort((a, b) => a - b) : evenPlaces(lines);
  return { group, points: cohortLine(lines, places, isExact) };
}

/** A figure of a measure over all groups; null where nothing is known of it. */
export function comparisonFigure(groups: readonly Group[], measure: Measure, axis: Axis, isDark: boolean): Figure | null {
  const lines = groups.map((group) => lineOfGroup(group, measure, axis));
  const index = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  if (index.length === 0) {
    return null;
  }
  const figureLines = lines.map(({ group, points }, at): FigureLine => {
    const byPlace = new Map(points.map((point) => [point.x, point]));
    const pick = (field: 'median' | 'low' | 'high'): (number | null)[] => index.map((x) => byPlace.get(x)?.[field] ?? null);
    const { colour, dash } = styleOf(at, isDark);
    const count = group.subjects.length;
    return {
      label: count > 1 ? `${group.name} (median of ${count})` : (group.subjects[0]?.cell ?? group.name), colour, ...(dash.length > 0 ? { dash } : {}), values: pick('median'),
      isCurve: index.length > 150, spans: axis !== 'cycle',
      ...(count > 1 ? { band: { low: pick('low'), high: pick('high'), words: count >= 4 ? 'quartiles' : 'lowest and highest' } } : {}),
    };
  });
  return { key: measure, ...measures[measure], index, lines: figureLines };
}

export interface FigureRow {
  readonly name: string;
  readonly cells: number;
  readonly profile: string;
  readonly cycles: string;
  readonly referenceAh: number | null;
  /** At the last place that all groups reach, and its place. */
  readonly retentionPercent: number | null;
  readonly efficiencyPercent: number | null;
  readonly polarizationMillivolts: number | null;
  readonly polarizationRise: number | null;
  readonly resistanceMilliohms: number | null;
  readonly resistanceRise: number | null;
  readonly projection: string;
}

const medianOf = (values: readonly (number | null)[]): number | null => middle(values.filter((value) => value !== null).sort((a, b) => a - b));

const lastOf = (line: readonly Point[]): number | null => line[line.length - 1]?.y ?? null;

const riseOf = (line: readonly Point[]): number | null => (line.length > 1 ? (line[line.length - 1] as Point).y / (line[0] as Point).y - 1 : null);

/** The last cycle that a whole cycle of every cell reaches; null where there is none. */
export function commonCycle(subjects: readonly Subject[]): number | null {
  const lasts = subjects.map((subject) => lineOf(subject, 'retention', 'cycle').at(-1)?.x ?? null).filter((last) => last !== null);
  return lasts.length === 0 ? null : Math.min(...lasts);
}

/** Figures of each group: of a cohort, the medians over its cells. */
export function rowsOf(groups: readonly Group[]): { rows: FigureRow[]; common: number | null } {
  const common = commonCycle(groups.flatMap(({ subjects }) => subjects));
  const rows = groups.map(({ name, subjects }): FigureRow => {
    const of = (measure: Measure): Point[][] => subjects.map((subject) => lineOf(subject, measure, 'cycle'));
    const counts = subjects.map(({ cycles }) => cycles.length);
    const least = Math.min(...counts);
    const most = Math.max(...counts);
    const only = subjects.length === 1 ? subjects[0] : undefined;
    return {
      name: only?.cell ?? name, cells: subjects.length, profile: [...new Set(subjects.map(({ profile }) => profile ?? 'none'))].join(', '),
      cycles: least === most ? String(most) : `${least} to ${most}`,
      referenceAh: medianOf(subjects.map(subjectReferenceAh)),
      retentionPercent: medianOf(of('retention').map((line) => line.filter(({ x }) => common !== null && x <= common).at(-1)?.y ?? null)),
      efficiencyPercent: medianOf(of('efficiency').map((line) => medianOf(line.map(({ y }) => y)))),
      polarizationMillivolts: medianOf(of('polarization').map(lastOf)),
      polarizationRise: medianOf(of('polarization').map(riseOf)),
      resistanceMilliohms: medianOf(of('resistance').map(lastOf)),
      resistanceRise: medianOf(of('resistance').map(riseOf)),
      projection: only ? projectionWords(only.standing?.projection, only.standing?.profileContent.endOfLifeRetention ?? 0.8) : '',
    };
  });
  return { rows, common };
}
