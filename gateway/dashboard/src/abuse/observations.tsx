// What only a person can say: what was seen, the masses, and the hazard level that the readings can only propose.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import type { AbuseObservations } from '../api/abuse-types';
import { fixed } from '../logic/format';
import { numberOf } from '../logic/setup';
import { Choice } from '../parts/choice';
import { Field } from '../parts/field';
import { clock } from '../state/clock';
import { useDesk, type SessionProps } from './context';

const seen = [['leak', 'Leak'], ['vent', 'Vent'], ['smoke', 'Smoke'], ['flame', 'Flame'], ['rupture', 'Rupture'], ['explosion', 'Explosion']] as const;

type Seen = (typeof seen)[number][0];

const answers = [['yes', 'Yes'], ['no', 'No'], ['', 'Not said']] as const;

type Answer = (typeof answers)[number][0];

/** EUCAR's hazard levels, in short. */
export const hazardLevels: readonly string[] = [
  'No effect', 'Passive protection activated', 'Defect or damage', 'Leakage, mass loss below 50 %', 'Venting, mass loss 50 % or more', 'Fire or flame', 'Rupture', 'Explosion',
];

const answerOf = (value: boolean | null): Answer => (value === null ? '' : value ? 'yes' : 'no');

export function Observations({ record }: SessionProps): JSX.Element {
  const { feed, by, mayAct, person, order, isBusy } = useDesk();
  const said = record.observations;
  const hazard = record.figures?.hazard;
  const [answersGiven, setAnswers] = useState<Readonly<Record<Seen, Answer>>>(() => Object.fromEntries(seen.map(([name]) => [name, answerOf(said[name])])) as Record<Seen, Answer>);
  const [before, setBefore] = useState(said.massBeforeG === null ? '' : String(said.massBeforeG));
  const [after, setAfter] = useState(said.massAfterG === null ? '' : String(said.massAfterG));
  const [level, setLevel] = useState(said.hazardLevel === null ? '' : String(said.hazardLevel));
  const [reason, setReason] = useState(said.reason ?? '');
  const [isKept, setKept] = useState(said.at !== null);
  useEffect(() => setKept(said.at !== null), [said.at]);
  const masses = [numberOf(before), numberOf(after)] as const;
  const isReadOnly = !mayAct || record.state !== 'ended';
  if (isReadOnly) {
    return <ObservationsShown record={record} />;
  }
  const massProblem = (value: number | null): string | null => (value !== null && (Number.isNaN(value) || value < 0) ? 'A mass is a number of grams, 0 or more.' : null);
  const problems = [massProblem(masses[0]), massProblem(masses[1])];
  const touched = <T,>(set: (value: T) => void) => (value: T): void => { set(value); setKept(false); };
  const save = (event: Event): void => {
    event.preventDefault();
    if (problems.some((problem) => problem !== null) || person.name === '') {
      return;
    }
    const told = (name: Seen): boolean | null => (answersGiven[name] === '' ? null : answersGiven[name] === 'yes');
    const observations: AbuseObservations = {
      leak: told('leak'), vent: told('vent'), smoke: told('smoke'), flame: told('flame'), rupture: told('rupture'), explosion: told('explosion'),
      massBeforeG: masses[0], massAfterG: masses[1], hazardLevel: level === '' ? null : Number(level), reason: reason.trim() === '' ? null : reason.trim(), person: null, at: null,
    };
    void order(() => abuseApi.observe(feed.id, observations, by)).then((taken) => taken && setKept(true));
  };
  return (
    <form class="panel abuse-observations" aria-labelledby="observations-title" noValidate onSubmit={save}>
      <h2 id="observations-title">What was seen</h2>
      <div class="seen">{seen.map(([name, words]) => <Choice key={name} name={`seen-${name}`} legend={words} options={answers} chosen={answersGiven[name]} onChoose={touched((value: Answer) => setAnswers({ ...answersGiven, [name]: value }))} />)}</div>
      <div class="pair">
        <Field id="mass-before" label="Mass before" unit="g" numeric value={before} onInput={touched(setBefore)} problem={problems[0] ?? null} />
        <Field id="mass-after" label="Mass after" unit="g" numeric value={after} onInput={touched(setAfter)} problem={problems[1] ?? null} hint={lossWords(masses)} />
      </div>
      <div class="field">
        <label for="hazard">Hazard level (EUCAR)</label>
        <select id="hazard" value={level} onChange={(event) => touched(setLevel)(event.currentTarget.value)}>
          <option value="">Not said</option>{hazardLevels.map((words, i) => <option key={words} value={String(i)}>{i}, {words}</option>)}</select>
        {hazard ? <p class="hint">The readings propose {hazard.level}: {hazard.reasons.join('; ')}. {hazard.onlyAPersonCanSay}</p> : null}
      </div>
      <Field id="hazard-reason" label="Why this level, and what else was seen" rows={3} maxLength={1000} value={reason} onInput={touched(setReason)} />
      <div class="buttons"><p class="hint" role="status">{isKept ? 'Kept.' : person.name === '' ? 'Write your name below.' : ''}</p><button type="submit" class="primary" disabled={isBusy}>Keep what was seen</button></div>
    </form>
  );
}

function lossWords([before, after]: readonly [number | null, number | null]): string | undefined {
  return before !== null && after !== null && before > 0 && after >= 0 ? `Loss ${fixed(before - after, 2)} g, ${fixed(((before - after) / before) * 100, 1)} %` : undefined;
}

function ObservationsShown({ record }: Pick<SessionProps, 'record'>): JSX.Element {
  const said = record.observations;
  const yes = seen.filter(([name]) => said[name] === true).map(([, words]) => words.toLowerCase());
  const no = seen.filter(([name]) => said[name] === false).map(([, words]) => words.toLowerCase());
  return (
    <section class="panel abuse-observations" aria-labelledby="observations-title">
      <h2 id="observations-title">What was seen</h2>
      {said.at === null ? <p class="hint">Nobody has said yet.</p> : (
        <dl class="said">
          <div><dt>Seen</dt><dd>{yes.length === 0 ? 'nothing of what was asked' : yes.join(', ')}</dd></div>
          <div><dt>Not seen</dt><dd>{no.length === 0 ? '–' : no.join(', ')}</dd></div>
          <div><dt>Mass</dt><dd>{said.massBeforeG ?? '–'} g before, {said.massAfterG ?? '–'} g after. {lossWords([said.massBeforeG, said.massAfterG])}</dd></div>
          <div><dt>Hazard level</dt><dd>{said.hazardLevel === null ? 'not said' : `${said.hazardLevel}, ${hazardLevels[said.hazardLevel] ?? ''}`}{record.figures ? ` (proposed ${record.figures.hazard.level})` : ''}</dd></div>
          {said.reason ? <div><dt>Why</dt><dd>{said.reason}</dd></div> : null}
          <div><dt>By</dt><dd>{said.person}, {clock.full(said.at)}</dd></div>
        </dl>)}
    </section>
  );
}
