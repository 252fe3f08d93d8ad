// The form of a plan. The gateway checks it as one types, by the rules with which it reads plan files. A figure changed here is the lab's.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import { figureSources, measures, type AbusePlan, type CriterionRule, type FigureSource, type PlanCondition, type PlanProblem, type TriggerRule } from '../api/abuse-types';
import { kindWords, sourceWords } from '../logic/abuse';
import { changed, emptyCriterion, figure, figuresOf, isPlaced, linesOf, problemOf, textOf, unitOf } from '../logic/abuse-plan';
import { Field } from '../parts/field';
import { usePerson } from '../parts/person';
import { Said, useWork } from '../parts/work';
import { useSession } from '../state/session';

/** Wait after the last key before the gateway is asked. */
const checkMilliseconds = 300;

interface Props {
  readonly start: AbusePlan;
  /** Under another name: its first version. */
  readonly isCopy: boolean;
  readonly onSaved: (plan: AbusePlan) => void;
  readonly onCancel: () => void;
}

const triggers: readonly (readonly [keyof TriggerRule, string, string])[] = [
  ['voltageDropV', 'Voltage falls by', 'V'], ['voltageRiseV', 'Voltage rises by', 'V'], ['heatingCPerS', 'A sensor heats by', '°C/s'],
  ['temperatureC', 'A sensor reaches', '°C'], ['currentA', 'Current reaches', 'A'], ['forceN', 'Force reaches', 'N'],
];

const measureWords: Readonly<Record<CriterionRule['measure'], string>> = {
  'thermal-runaway': 'Thermal runaway', temperature: 'Temperature', 'heating-rate': 'Heating rate', 'voltage-drop': 'Part of the voltage lost', voltage: 'Voltage',
  'temperature-spread': 'Spread of the sensors', 'retained-voltage': 'Voltage kept', observed: 'Seen by a person',
};

export function PlanEditor({ start, isCopy, onSaved, onCancel }: Props): JSX.Element {
  const [plan, setPlan] = useState(start);
  const [windows, setWindows] = useState(start.rateWindowsS.join(' '));
  const [checks, setChecks] = useState(start.personChecks.join('\n'));
  const [problems, setProblems] = useState<readonly PlanProblem[]>([]);
  const work = useWork();
  const person = usePerson();
  const isNamed = useSession().person !== null;
  const whole: AbusePlan = { ...plan, rateWindowsS: figuresOf(windows), personChecks: linesOf(checks) };
  const text = JSON.stringify(whole);
  const put = (change: Partial<AbusePlan>): void => setPlan((before) => ({ ...before, ...change }));
  useEffect(() => {
    let isOver = false;
    const timer = window.setTimeout(() => void abuseApi.checkPlan(JSON.parse(text)).then((answer) => isOver || setProblems(answer.problems), () => {}), checkMilliseconds);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text]);
  const said = (field: string): string | null => problemOf(problems, field);
  const submit = (event: Event): void => {
    event.preventDefault();
    void work.run(async () => {
      const { problems: found } = await abuseApi.checkPlan(whole);
      setProblems(found);
      if (found.length > 0) {
        throw new Error(found.length === 1 ? found[0]?.message ?? '' : `${found.length} fields are not right; the first: ${found[0]?.message ?? ''}`);
      }
      if (person.name === '') {
        throw new Error('Write your name.');
      }
      const saved = await abuseApi.savePlan(whole, isNamed ? null : person.name);
      person.keep();
      onSaved(saved);
    });
  };
  /** A number of the plan itself or of one of its rules. */
  const number = (id: string, label: string, unit: string, value: number | null, set: (value: number | null) => void, hint?: string): JSX.Element => (
    <NumberField key={id} id={id} label={label} unit={unit} value={value} onValue={set} problem={said(id)} hint={hint} />
  );
  const { observation, selfHeating } = plan;
  return (
    <form class="panel editor plan-editor" aria-label="Plan" noValidate onSubmit={submit}>
      <h2>{isCopy ? 'A plan of the lab' : `Lab version of ${start.name}`}</h2>
      <p class="hint">Tests that have begun keep the version they began with. A figure that is changed here counts as set by the lab.</p>
      {problems.filter((problem) => !isPlaced(problem.field)).map((problem) => <p key={problem.field + problem.message} class="form-error">{problem.message}</p>)}
      <div class="pair">
        <Field id="name" label="Name" value={plan.name} onInput={(name) => put({ name })} problem={said('name')} required maxLength={64} readOnly={!isCopy} />
        <Field id="title" label="Title" value={plan.title} onInput={(title) => put({ title })} problem={said('title')} required />
        <Field id="standard" label="Standard" value={plan.standard ?? ''} onInput={(standard) => put({ standard: standard === '' ? null : standard })} problem={said('standard')} />
        <div class="field"><label for="plan-kind">Kind</label><select id="plan-kind" value={plan.kind} onChange={(event) => put({ kind: event.currentTarget.value as AbusePlan['kind'] })}>{Object.entries(kindWords).map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}</select></div>
      </div>
      <fieldset><legend>Conditions</legend>
        {plan.conditions.map((condition, i) => {
          const set = (next: Partial<PlanCondition>): void => put({ conditions: plan.conditions.map((each, at) => (at === i ? changed(each, next) : each)) });
          return (
            <div key={i} class="rule-row is-condition">
              <Field id={`conditions[${i}].text`} label="Condition" value={condition.text} onInput={(typed) => set({ text: typed })} problem={said(`conditions[${i}].text`)} />
              {number(`conditions[${i}].value`, 'Value', '', condition.value, (value) => set({ value }))}
              <Field id={`conditions[${i}].unit`} label="Unit" value={condition.unit ?? ''} onInput={(unit) => set({ unit: unit === '' ? null : unit })} problem={said(`conditions[${i}].unit`)} />
              <SourceChoice id={`conditions[${i}].source`} source={condition.source} onChoose={(source) => set({ source })} />
              <button type="button" class="plain" onClick={() => put({ conditions: plan.conditions.filter((_, at) => at !== i) })} aria-label={`Remove condition ${i + 1}`}>Remove</button>
            </div>);
        })}
        <button type="button" onClick={() => put({ conditions: [...plan.conditions, { text: '', value: null, unit: null, source: 'lab' }] })}>Add a condition</button>
      </fieldset>
      <fieldset><legend>The event begins when</legend>
        <div class="limits">{triggers.map(([field, label, unit]) => number(`trigger.${field}`, label, unit, plan.trigger[field], (value) => put({ trigger: { ...plan.trigger, [field]: value } })))}</div>
        <p class="hint">Empty switches a way off. A person’s command and the node’s trigger input always count.</p>
        <div class="limits">{number('preTriggerS', 'Kept from before', 's', plan.preTriggerS, (value) => put({ preTriggerS: value as number }))}
          <Field id="protectionKind" label="Relay armed for" value={plan.protectionKind ?? ''} onInput={(kind) => put({ protectionKind: kind === '' ? null : kind })} problem={said('protectionKind')} hint="Empty leaves the relay alone." /></div>
      </fieldset>
      <fieldset><legend>Criteria</legend>
        {plan.criteria.map((rule, i) => {
          const set = (next: Partial<CriterionRule>): void => put({ criteria: plan.criteria.map((each, at) => (at === i ? changed(each, next) : each)) });
          const id = (field: string): string => `criteria[${i}].${field}`;
          return (
            <div key={i} class="rule-row is-criterion">
              <Field id={id('title')} label="Criterion" value={rule.title} onInput={(title) => set({ title })} problem={said(id('title')) ?? said(id('id'))} />
              <div class="field"><label for={id('measure')}>Looks at</label><select id={id('measure')} value={rule.measure} onChange={(event) => { const measure = event.currentTarget.value as CriterionRule['measure']; set({ measure, unit: unitOf[measure], ...(measure === 'observed' ? { limit: null } : {}) }); }}>{measures.map((each) => <option key={each} value={each}>{measureWords[each]}</option>)}</select></div>
              {rule.measure === 'observed' ? <div class="field" /> : number(id('limit'), 'Limit', rule.unit, rule.limit, (limit) => set({ limit }))}
              {number(id('holdS'), 'Held for', 's', rule.holdS, (holdS) => set({ holdS: holdS as number }))}
              <div class="field"><label for={id('isBelow')}>Met when</label><select id={id('isBelow')} value={rule.isBelow ? 'below' : 'above'} onChange={(event) => set({ isBelow: event.currentTarget.value === 'below' })}><option value="above">at or above</option><option value="below">at or below</option></select></div>
              <div class="field"><label for={id('counts')}>Counts</label><select id={id('counts')} value={rule.isFailure ? 'failure' : rule.isRequired ? 'required' : 'told'} onChange={(event) => set({ isFailure: event.currentTarget.value === 'failure', isRequired: event.currentTarget.value === 'required' })}><option value="failure">fails the test</option><option value="required">required to pass</option><option value="told">told only</option></select></div>
              <SourceChoice id={id('source')} source={rule.source} onChoose={(source) => set({ source })} />
              <button type="button" class="plain" onClick={() => put({ criteria: plan.criteria.filter((_, at) => at !== i) })} aria-label={`Remove criterion ${rule.title}`}>Remove</button>
            </div>);
        })}
        <button type="button" onClick={() => put({ criteria: [...plan.criteria, emptyCriterion(plan.criteria.map((each) => each.id))] })}>Add a criterion</button>
      </fieldset>
      <fieldset><legend>Observation</legend>
        <div class="limits">
          <div class="field"><label for="observation.start">From</label><select id="observation.start" value={observation.start} onChange={(event) => put({ observation: changed(observation, { start: event.currentTarget.value as typeof observation.start }) })}><option value="trigger">the trigger</option><option value="end-of-exposure">the end of the exposure</option></select></div>
          {number('observation.exposureS', 'Exposure', 's', observation.exposureS, (exposureS) => put({ observation: changed(observation, { exposureS }) }))}
          {number('observation.leastS', 'At least', 's', observation.leastS, (leastS) => put({ observation: changed(observation, { leastS: leastS as number }) }))}
          {number('observation.belowC', 'Until all at or below', '°C', observation.belowC, (belowC) => put({ observation: changed(observation, { belowC }) }))}
          {number('observation.belowPartOfRise', 'Until fallen by this part of the rise', '', observation.belowPartOfRise, (belowPartOfRise) => put({ observation: changed(observation, { belowPartOfRise }) }), '0.2 is a fifth')}
          {number('observation.mostS', 'Over in any case after', 's', observation.mostS, (mostS) => put({ observation: changed(observation, { mostS }) }))}
          <SourceChoice id="observation.source" source={observation.source} onChoose={(source) => put({ observation: changed(observation, { source }) })} />
        </div>
      </fieldset>
      <fieldset><legend>Self-heating and heating rates</legend>
        <div class="limits">
          {number('selfHeating.rateCPerMinute', 'Heats itself from', '°C/min', selfHeating.rateCPerMinute, (rate) => put({ selfHeating: changed(selfHeating, { rateCPerMinute: rate as number }) }))}
          {number('selfHeating.windowS', 'Measured over', 's', selfHeating.windowS, (windowS) => put({ selfHeating: changed(selfHeating, { windowS: windowS as number }) }))}
          {number('selfHeating.holdS', 'Held for', 's', selfHeating.holdS, (holdS) => put({ selfHeating: changed(selfHeating, { holdS: holdS as number }) }))}
          <Field id="rateWindowsS" label="Largest dT/dt over" unit="s" value={windows} onInput={setWindows} problem={said('rateWindowsS')} hint="Several with spaces between them." />
        </div>
      </fieldset>
      <Field id="personChecks" label="Confirmed by a person before arming" rows={4} value={checks} onInput={setChecks} problem={said('personChecks')} hint="One a line; that people are clear is always asked." />
      <Field id="note" label="Remarks for the report" rows={2} value={plan.note ?? ''} onInput={(note) => put({ note: note === '' ? null : note })} problem={said('note')} />
      {person.field}
      <Said work={work} />
      <div class="buttons"><button type="button" onClick={onCancel}>Back</button><button type="submit" class="primary" disabled={work.busy}>{isCopy ? 'Save' : 'Save as lab version'}</button></div>
    </form>
  );
}

interface NumberProps {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number | null;
  readonly onValue: (value: number | null) => void;
  readonly problem: string | null;
  readonly hint: string | undefined;
}

/** Keeps what is typed, such as "1.", until the number itself is another one. */
function NumberField({ value, onValue, ...rest }: NumberProps): JSX.Element {
  const [typed, setTyped] = useState(textOf(value));
  const shown = figure(typed) === value ? typed : textOf(value);
  return <Field {...rest} numeric value={shown} onInput={(next) => { setTyped(next); onValue(figure(next)); }} />;
}

const SourceChoice = ({ id, source, onChoose }: { readonly id: string; readonly source: FigureSource; readonly onChoose: (source: FigureSource) => void }): JSX.Element => (
  <div class="field"><label for={id}>Where from</label><select id={id} value={source} onChange={(event) => onChoose(event.currentTarget.value as FigureSource)}>{figureSources.map((each) => <option key={each} value={each}>{sourceWords[each]}</option>)}</select></div>
);
