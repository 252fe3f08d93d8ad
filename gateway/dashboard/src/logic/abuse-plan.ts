// A plan as texts of a form and back. A figure that the lab changes is the lab's from then on. Pure.
import type { AbusePlan, CriterionRule, FigureSource, PlanProblem } from '../api/abuse-types';
import { numberOf } from './setup';

/** A number of a form: null for an empty text; what is no number is left as it is, for the gateway to refuse by name. */
export const figure = (text: string): number | null => {
  const value = numberOf(text);
  return value !== null && Number.isNaN(value) ? (text as unknown as number) : value;
};

export const textOf = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));

/** Several numbers with spaces between them. */
export const figuresOf = (text: string): number[] => text.split(/[\s;]+/).filter((part) => part !== '').map((part) => figure(part) as number);

export const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** The problem of a field such as `criteria[1].limit`; one of a list stands with the list. */
export const problemOf = (problems: readonly PlanProblem[], field: string): string | null =>
  problems.find((problem) => problem.field === field || problem.field.startsWith(`${field}[`))?.message ?? null;

/** Fields that have their place in the form, so that every other problem can be told above it. */
export const isPlaced = (field: string): boolean =>
  /^(name|title|standard|note|protectionKind|preTriggerS|personChecks(\[\d+\])?|rateWindowsS(\[\d+\])?|(trigger|observation|selfHeating)\.\w+|(criteria|conditions)\[\d+\]\.\w+)$/.test(field);

interface Sourced {
  readonly source: FigureSource;
}

/** The rule with a change; any change but that of its source makes it the lab's. */
export const changed = <T extends Sourced>(rule: T, change: Partial<T>): T => ({ ...rule, ...('source' in change ? {} : { source: 'lab' as const }), ...change });

export const emptyCriterion = (taken: readonly string[]): CriterionRule => {
  let number = taken.length + 1;
  while (taken.includes(`criterion-${number}`)) {
    number += 1;
  }
  return { id: `criterion-${number}`, title: '', measure: 'temperature', limit: null, unit: 'C', isBelow: false, holdS: 0, isFailure: true, isRequired: false, source: 'lab' };
};

/** The unit that goes with a measure. */
export const unitOf: Readonly<Record<CriterionRule['measure'], string>> = {
  'thermal-runaway': 'C/s', temperature: 'C', 'heating-rate': 'C/s', 'voltage-drop': 'of initial', voltage: 'V', 'temperature-spread': 'K', 'retained-voltage': 'of initial', observed: '',
};

/** A plan like another one, under a free name, as the lab's first version. */
export function copyOf(plan: AbusePlan, taken: readonly string[]): AbusePlan {
  const base = `${plan.name}-lab`.slice(0, 60);
  let name = base;
  for (let number = 2; taken.includes(name); number += 1) {
    name = `${base}-${number}`;
  }
  return { ...plan, name, version: 1 };
}
