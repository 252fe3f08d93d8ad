// Abuse tests as the screen shows them: what is red, what is waited for, what keeps a test from being armed. Pure.
import type { AbuseCriterion, AbuseEvent, AbuseKind, AbuseRecord, AbuseState, CriterionState, FigureSource } from '../api/abuse-types';
import { fixed, gap, inUnit, unitSymbol } from './format';
import { span } from './time';

export const kindWords: Readonly<Record<AbuseKind, string>> = {
  nail: 'Nail penetration', crush: 'Crush', bend: 'Bend', cut: 'Cut', 'external-short': 'External short', overcharge: 'Overcharge',
  'over-discharge': 'Over-discharge', oven: 'Oven', propagation: 'Thermal propagation',
};

export const stateWords: Readonly<Record<AbuseState, string>> = {
  preparing: 'Preparing', armed: 'Armed', triggered: 'Triggered', observing: 'Observing', ended: 'Ended, not signed', signed: 'Signed', cancelled: 'Cancelled',
};

export const criterionWords: Readonly<Record<CriterionState, string>> = { 'not-judged': 'Not judged', 'not-met': 'Not met', near: 'Near', met: 'Met' };

export const sourceWords: Readonly<Record<FigureSource, string>> = {
  quoted: 'quoted', recalled: 'recalled: needs the lab’s own copy', lab: 'set by the lab',
};

/** While the cell is watched, from armed until ended. */
export const isWatched = (state: AbuseState): boolean => state === 'armed' || state === 'triggered' || state === 'observing';

/** Open: somebody still has to do something before it is a result. */
export const isOpen = (state: AbuseState): boolean => isWatched(state) || state === 'preparing' || state === 'ended';

/** How a criterion counts: the same state is bad, good or neutral after what the plan makes of it. */
export type Weight = 'failure' | 'required' | 'told';

export const weightOf = (criterion: AbuseCriterion, record: Pick<AbuseRecord, 'plan'>): Weight =>
  criterion.isFailure || record.plan.criteria.find((rule) => rule.id === criterion.id)?.measure === 'thermal-runaway'
    ? 'failure'
    : criterion.isRequired ? 'required' : 'told';

/** Criteria that turn the screen red: met, and a failure of the test or a thermal runaway. */
export const redCriteria = (record: AbuseRecord): readonly AbuseCriterion[] =>
  (record.figures?.criteria ?? []).filter((criterion) => criterion.state === 'met' && weightOf(criterion, record) === 'failure');

/** Where the session stands: the record, unless the stream has told something newer of which the record is still on its way. */
export interface Standing {
  readonly state: AbuseState;
  readonly triggeredAt: number | null;
  readonly isRed: boolean;
}

export function standingOf(record: AbuseRecord | null, event: AbuseEvent | null): Standing | null {
  if (!record && !event) {
    return null;
  }
  const state = event?.state ?? record?.state ?? 'preparing';
  const triggeredAt = event?.triggeredAt ?? record?.triggeredAt ?? record?.figures?.trigger?.at ?? null;
  // Red stays while the record is asked for again: a met criterion is never taken back by a message, only by the record.
  const isMet = event?.worst === 'met' || (record !== null && redCriteria(record).length > 0);
  return { state, triggeredAt, isRed: isMet && isWatched(state) };
}

/** The worst of the criteria that count against the cell, for the list. */
export function worstOf(record: AbuseRecord): CriterionState {
  const order: readonly CriterionState[] = ['met', 'near', 'not-met', 'not-judged'];
  const states = (record.figures?.criteria ?? []).filter((criterion) => weightOf(criterion, record) === 'failure').map((criterion) => criterion.state);
  return order.find((state) => states.includes(state)) ?? 'not-judged';
}

/** Why it cannot be armed yet, in the order of the list; empty when it can. */
export function armObstacles(record: AbuseRecord): readonly string[] {
  const open = record.checks.filter((check) => check.state !== 'good');
  return open.map((check) => (check.state === 'bad' ? `${check.text}: ${check.detail ?? 'not good'}` : check.isByPerson ? `${check.text}: not confirmed yet` : `${check.text}: ${check.detail ?? 'not known yet'}`));
}

/** "0:42", "12:05", "1:02:03"; a minus sign before the moment. */
export function stopwatch(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? '\u2212' : '';
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${sign}${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${sign}${minutes}:${pad(whole % 60)}`;
}

export interface Remaining {
  /** What the figure is: time to the least end, or that it is over. */
  readonly label: string;
  /** Seconds left of the least time; null where no clock runs. */
  readonly seconds: number | null;
  readonly waiting: readonly string[];
  readonly isOver: boolean;
}

/** What is left of the exposure or the observation. */
export function remainingOf(record: AbuseRecord, state: AbuseState, now: number): Remaining {
  const observation = record.figures?.observation;
  const { start, exposureS } = record.plan.observation;
  if (state === 'triggered' && start === 'end-of-exposure') {
    const began = record.triggeredAt ?? record.figures?.trigger?.at ?? null;
    return {
      label: 'Exposure left', seconds: exposureS === null || began === null ? null : Math.max(0, began + exposureS - now),
      waiting: observation?.waiting.length ? observation.waiting : ['End of the exposure'], isOver: exposureS !== null && began !== null && now >= began + exposureS,
    };
  }
  if (observation?.completeAt !== null && observation?.completeAt !== undefined) {
    return { label: 'Observation', seconds: null, waiting: [], isOver: true };
  }
  if (observation?.earliestEndAt !== null && observation?.earliestEndAt !== undefined) {
    return { label: 'Observation left', seconds: Math.max(0, observation.earliestEndAt - now), waiting: observation.waiting, isOver: false };
  }
  return { label: 'Observation', seconds: null, waiting: observation?.waiting ?? [], isOver: false };
}

/** "+12.3 s", "−0.40 s", "+5 min 02 s": a moment as the time since the trigger. */
export function sinceTrigger(at: number, trigger: number | null): string | null {
  if (trigger === null) {
    return null;
  }
  const seconds = at - trigger;
  const size = Math.abs(seconds);
  const text = size < 10 ? `${fixed(size, 2)}${gap}s` : size < 120 ? `${fixed(size, 1)}${gap}s` : span(size);
  return (seconds < 0 ? '\u2212' : '+') + text;
}

/** "3.412 ± 0.002 V". An uncertainty has two digits, and the value as many decimals. */
export function withUncertainty(value: number | null, uncertainty: number | null, unit: string): string {
  const symbol = unitSymbol(unit);
  if (value === null) {
    return '\u2013';
  }
  const tail = symbol === '' ? '' : gap + symbol;
  if (uncertainty === null || !(uncertainty > 0)) {
    return inUnit(value, unit) + tail;
  }
  const percent = symbol === '%' && unit !== '%' ? 100 : 1;
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(uncertainty * percent))));
  return `${fixed(value * percent, decimals)} ± ${fixed(uncertainty * percent, decimals)}${tail}`;
}

/** What the stop button says of its order, with the word that matters first. */
export function stopWords(stop: AbuseRecord['stop']): { readonly word: string; readonly detail: string; readonly tone: 'waiting' | 'good' | 'bad' } | null {
  if (!stop) {
    return null;
  }
  const detail = stop.detail ?? '';
  switch (stop.state) {
    case 'sent':
      return { word: 'Stop sent', detail: detail || 'waiting for the node to confirm', tone: 'waiting' };
    case 'confirmed':
      return { word: 'Stop confirmed', detail: detail || 'the node has opened its relay', tone: 'good' };
    case 'refused':
      return { word: 'Stop refused', detail: detail || 'cut the supply by hand', tone: 'bad' };
    case 'unanswered':
      return { word: 'Stop not answered', detail: detail || 'cut the supply by hand', tone: 'bad' };
  }
}
