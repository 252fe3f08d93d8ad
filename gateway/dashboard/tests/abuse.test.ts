import { describe, expect, it } from 'vitest';
import type { AbuseCriterion, AbuseEvent, AbuseFigures, AbuseRecord } from '../src/api/abuse-types';
import { armObstacles, redCriteria, remainingOf, sinceTrigger, standingOf, stopWords, stopwatch, withUncertainty, worstOf } from '../src/logic/abuse';
import { changed, copyOf, figure, figuresOf, isPlaced, linesOf, problemOf } from '../src/logic/abuse-plan';
import { parseRoute } from '../src/state/route';

const criterion = (id: string, change: Partial<AbuseCriterion> = {}): AbuseCriterion => ({
  id, title: id, state: 'not-met', observed: 20, limit: 150, unit: 'C', metAt: null, isFailure: true, isRequired: false, source: 'quoted', reason: null, ...change,
});

const figures = (change: Partial<AbuseFigures> = {}): AbuseFigures => ({
  trigger: null, initialVoltageV: 4.1, values: [], criteria: [], sensorLosses: [], hazard: { level: 0, reasons: [], onlyAPersonCanSay: '' },
  observation: { beganAt: null, earliestEndAt: null, waiting: [], completeAt: null }, readings: [], deviations: [], firstAt: null, lastAt: null, sampleCount: 0, ...change,
});

const record = (change: Partial<AbuseRecord> = {}): AbuseRecord => ({
  id: 'a', cell: 'c', node: 'n', channel: '1', test: null, source: null, profile: null, state: 'observing', createdAt: 0, createdBy: 'ada', armedAt: 10, armedBy: 'ada', triggeredAt: 100,
  exposureEndedAt: null, observingAt: 100, endedAt: null, endedBy: null, checks: [], figures: figures(), log: [], deviations: [], attachments: [], calibrations: [], stop: null, signatures: [], verdict: null,
  observations: { leak: null, vent: null, smoke: null, flame: null, rupture: null, explosion: null, massBeforeG: null, massAfterG: null, hazardLevel: null, reason: null, person: null, at: null },
  plan: {
    name: 'p', version: 1, kind: 'nail', title: 'Nail', standard: null, conditions: [], trigger: { voltageDropV: 0.1, voltageRiseV: null, heatingCPerS: null, temperatureC: null, currentA: null, forceN: null },
    criteria: [], observation: { start: 'trigger', exposureS: null, leastS: 3600, belowC: null, belowPartOfRise: null, mostS: null, source: 'quoted' },
    selfHeating: { rateCPerMinute: 10, windowS: 5, holdS: 3, source: 'lab' }, rateWindowsS: [1], preTriggerS: 30, protectionKind: null, personChecks: [], note: null,
  },
  ...change,
});

const event = (change: Partial<AbuseEvent> = {}): AbuseEvent => ({ id: 'a', cell: 'c', node: 'n', channel: '1', state: 'observing', triggeredAt: 100, worst: 'not-met', revision: 1, ...change });

const withCriteria = (...criteria: AbuseCriterion[]): AbuseRecord => record({ figures: figures({ criteria }) });

describe('the red screen', () => {
  it('is red with the word of the stream alone, before any record', () => {
    expect(standingOf(null, event({ worst: 'met' }))?.isRed).toBe(true);
    expect(standingOf(null, event({ worst: 'near' }))?.isRed).toBe(false);
  });

  it('is not taken back by a message that no longer says met while the record does', () => {
    expect(standingOf(withCriteria(criterion('hot', { state: 'met' })), event({ worst: 'not-met' }))?.isRed).toBe(true);
  });

  it('takes the state from the stream, and from the record once nothing newer is on its way', () => {
    expect(standingOf(record({ state: 'armed' }), event({ state: 'observing' }))?.state).toBe('observing');
    expect(standingOf(record({ state: 'armed' }), null)?.state).toBe('armed');
  });

  it('is for failures and for a thermal runaway, not for what is required or told', () => {
    const told = withCriteria(criterion('quarter', { state: 'met', isFailure: false }), criterion('kept', { state: 'met', isFailure: false, isRequired: true }));
    expect(redCriteria(told)).toEqual([]);
    const runaway = criterion('tr', { state: 'met', isFailure: false });
    const plan = { ...told.plan, criteria: [{ id: 'tr', title: 'tr', measure: 'thermal-runaway' as const, limit: 1, unit: 'C/s', isBelow: false, holdS: 3, isFailure: false, isRequired: false, source: 'quoted' as const }] };
    expect(redCriteria(record({ plan, figures: figures({ criteria: [runaway] }) }))).toEqual([runaway]);
  });

  it('is over when the test has ended', () => {
    expect(standingOf({ ...withCriteria(criterion('hot', { state: 'met' })), state: 'ended' }, null)?.isRed).toBe(false);
  });
});

describe('arming', () => {
  const check = (id: string, change: object = {}) => ({ id, text: id, isByPerson: false, state: 'good' as const, detail: null, person: null, at: null, ...change });

  it('names each line that is not good, in order', () => {
    expect(armObstacles(record({ checks: [check('clock'), check('sensors', { state: 'bad', detail: 'no sample for 9 s' }), check('rate', { state: 'open' }), check('clear', { isByPerson: true, state: 'open' })] })))
      .toEqual(['sensors: no sample for 9 s', 'rate: not known yet', 'clear: not confirmed yet']);
    expect(armObstacles(record({ checks: [check('clock')] }))).toEqual([]);
  });
});

describe('times and figures', () => {
  it('counts like a stopwatch, also before the moment and beyond an hour', () => {
    expect([0, 9.99, 61, 3723, -5].map(stopwatch)).toEqual(['0:00', '0:09', '1:01', '1:02:03', '\u22120:05']);
  });

  it('tells a moment by the trigger', () => {
    expect(sinceTrigger(112.34, 100)).toBe('+12.3\u00a0s');
    expect(sinceTrigger(99.6, 100)).toBe('\u22120.40\u00a0s');
    expect(sinceTrigger(100, null)).toBeNull();
  });

  it('gives an uncertainty two digits and the value as many decimals', () => {
    expect(withUncertainty(4.18234, 0.0021, 'V')).toBe('4.1823 ± 0.0021\u00a0V');
    expect(withUncertainty(594.04, 24, 'C')).toBe('594 ± 24\u00a0°C');
    expect(withUncertainty(null, 1, 'V')).toBe('\u2013');
    expect(withUncertainty(2, null, 's')).toBe('2.0\u00a0s');
  });

  it('knows what is left, of exposure and observation', () => {
    const observing = record({ figures: figures({ observation: { beganAt: 100, earliestEndAt: 3700, waiting: ['3600 s of watching'], completeAt: null } }) });
    expect(remainingOf(observing, 'observing', 200)).toMatchObject({ label: 'Observation left', seconds: 3500, isOver: false });
    const over = record({ figures: figures({ observation: { beganAt: 100, earliestEndAt: 3700, waiting: [], completeAt: 3700 } }) });
    expect(remainingOf(over, 'observing', 4000)).toMatchObject({ seconds: null, isOver: true });
    const exposed = record({ state: 'triggered', plan: { ...record().plan, observation: { ...record().plan.observation, start: 'end-of-exposure', exposureS: 60 } } });
    expect(remainingOf(exposed, 'triggered', 130)).toMatchObject({ label: 'Exposure left', seconds: 30 });
  });

  it('tells how the stop fared', () => {
    const stop = { at: 1, person: 'ada', answeredAt: null, detail: null };
    expect(stopWords({ ...stop, state: 'unanswered' })).toMatchObject({ tone: 'bad', detail: 'cut the supply by hand' });
    expect(stopWords({ ...stop, state: 'confirmed' })?.tone).toBe('good');
    expect(stopWords(null)).toBeNull();
  });
});

describe('the result', () => {
  it('takes the worst of the failures for the list', () => {
    expect(worstOf(withCriteria(criterion('a'), criterion('b', { state: 'near' }), criterion('told', { state: 'met', isFailure: false })))).toBe('near');
    expect(worstOf(record({ figures: null }))).toBe('not-judged');
  });
});

describe('plans', () => {
  it('make a changed figure the lab’s, but not a changed source', () => {
    const rule = { limit: 150, source: 'recalled' as const };
    expect(changed(rule, { limit: 140 })).toEqual({ limit: 140, source: 'lab' });
    expect(changed<{ limit: number; source: 'quoted' | 'recalled' | 'lab' }>(rule, { source: 'quoted' })).toEqual({ limit: 150, source: 'quoted' });
  });

  it('leave what is no number for the gateway to refuse', () => {
    expect([figure('1.'), figure('0,5'), figure(''), figure('fast')]).toEqual([1, 0.5, null, 'fast']);
    expect(figuresOf('1 3  10')).toEqual([1, 3, 10]);
    expect(linesOf(' a \n\n b')).toEqual(['a', 'b']);
  });

  it('find the problem of a field, and those that have no place in the form', () => {
    const problems = [{ field: 'criteria[1].limit', message: 'too high' }, { field: 'rateWindowsS[0]', message: 'too short' }, { field: 'criteria', message: 'none' }];
    expect(problemOf(problems, 'criteria[1].limit')).toBe('too high');
    expect(problemOf(problems, 'rateWindowsS')).toBe('too short');
    expect(problems.filter(({ field }) => !isPlaced(field)).map(({ field }) => field)).toEqual(['criteria']);
  });

  it('are copied under a free name as a first version', () => {
    expect(copyOf({ ...record().plan, version: 4 }, ['p', 'p-lab'])).toMatchObject({ name: 'p-lab-2', version: 1 });
  });
});

describe('addresses', () => {
  it('lead to the list and to a session', () => {
    expect(parseRoute('#/abuse')).toMatchObject({ page: 'abuse', name: '' });
    expect(parseRoute('#/abuse/c-1?view')).toMatchObject({ page: 'abuse', name: 'c-1' });
    expect(parseRoute('#/abuse/c-1?view').query.has('view')).toBe(true);
  });
});
