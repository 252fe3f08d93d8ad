// One plan to read: conditions, what triggers, criteria, observation, each figure with where it comes from.
import type { JSX } from 'preact';
import type { AbusePlan, FigureSource } from '../api/abuse-types';
import { kindWords } from '../logic/abuse';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { span } from '../logic/time';
import { SourceMark } from './marks';

const measured = (value: number, unit: string): string => inUnit(value, unit) + (unitSymbol(unit) === '' ? '' : gap + unitSymbol(unit));

/** What begins the event, in words. */
export function triggerLines({ trigger }: AbusePlan): readonly string[] {
  const lines = [
    trigger.voltageDropV === null ? null : `the voltage falls ${measured(trigger.voltageDropV, 'V')} below the initial`,
    trigger.voltageRiseV === null ? null : `the voltage rises ${measured(trigger.voltageRiseV, 'V')} above the initial`,
    trigger.heatingCPerS === null ? null : `a sensor of the cell heats by ${measured(trigger.heatingCPerS, 'C/s')}`,
    trigger.temperatureC === null ? null : `a sensor of the cell reaches ${measured(trigger.temperatureC, 'C')}`,
    trigger.currentA === null ? null : `the current reaches ${measured(trigger.currentA, 'A')}`,
    trigger.forceN === null ? null : `the force reaches ${trigger.forceN}${gap}N`,
  ];
  return [...lines.filter((line) => line !== null), 'a person presses “Trigger now”', 'the node’s trigger input'];
}

export function observationLines({ observation }: AbusePlan): readonly string[] {
  const { start, exposureS, leastS, belowC, belowPartOfRise, mostS } = observation;
  return [
    exposureS === null ? null : `exposure of ${span(exposureS)}`,
    `at least ${span(leastS)} from the ${start === 'trigger' ? 'trigger' : 'end of the exposure'}`,
    belowC === null ? null : `until all sensors of the cell are at or below ${measured(belowC, 'C')}`,
    belowPartOfRise === null ? null : `until the temperature has fallen by ${Math.round(belowPartOfRise * 100)}${gap}% of its largest rise`,
    mostS === null ? null : `over after ${span(mostS)} in any case`,
  ].filter((line) => line !== null);
}

interface Props {
  readonly plan: AbusePlan;
  readonly newest: number;
  readonly onVersion: (version: number) => void;
}

export function PlanShown({ plan, newest, onVersion }: Props): JSX.Element {
  return (
    <div class="plan-shown">
      <section class="panel" aria-labelledby="what-title">
        <h2 id="what-title">{plan.title}</h2>
        <p>{kindWords[plan.kind]}{plan.standard ? `, ${plan.standard}` : ''}. Version {plan.version}{plan.version === 1 ? '' : ', by the lab'}.</p>
        {plan.note ? <p class="hint">{plan.note}</p> : null}
        {newest > 1 ? (
          <label class="version">Version <select value={String(plan.version)} onChange={(event) => onVersion(Number(event.currentTarget.value))}>
            {Array.from({ length: newest }, (_, i) => newest - i).map((each) => <option key={each} value={String(each)}>{each}{each === newest ? ', newest' : ''}</option>)}</select></label>) : null}
      </section>
      <section class="panel" aria-labelledby="conditions-title"><h2 id="conditions-title">Conditions</h2>
        <ul class="conditions">{plan.conditions.map((each) => <Line key={each.text} source={each.source}>{each.text}{each.value === null ? '' : `: ${measured(each.value, each.unit ?? '')}`}</Line>)}</ul></section>
      <section class="panel" aria-labelledby="trigger-title"><h2 id="trigger-title">The event begins when</h2>
        <ul class="conditions">{triggerLines(plan).map((line) => <li key={line}>{line}</li>)}</ul>
        <p class="hint">{plan.preTriggerS} s before it are kept at the full rate.{plan.protectionKind ? ` The node’s relay is armed for “${plan.protectionKind}”.` : ' The relay is left alone.'}</p></section>
      <section class="panel" aria-labelledby="judged-title"><h2 id="judged-title">Criteria</h2>
        <ul class="conditions">{plan.criteria.map((rule) => (
          <Line key={rule.id} source={rule.source}><b>{rule.title}</b>{rule.limit === null ? '' : `: ${rule.isBelow ? 'at or below' : 'at or above'} ${measured(rule.limit, rule.unit)}`}{rule.holdS > 0 ? ` for ${rule.holdS} s` : ''}
            <span class="hint"> {rule.isFailure ? 'fails the test' : rule.isRequired ? 'required to pass' : 'told only'}</span></Line>))}</ul></section>
      <section class="panel" aria-labelledby="observed-title"><h2 id="observed-title">Observation</h2>
        <ul class="conditions">{observationLines(plan).map((line) => <Line key={line} source={plan.observation.source}>{line}</Line>)}</ul></section>
      <section class="panel" aria-labelledby="confirmed-title"><h2 id="confirmed-title">Confirmed by a person before arming</h2>
        <ul class="conditions">{plan.personChecks.map((line) => <li key={line}>{line}</li>)}<li>People are clear of the cell</li></ul>
        <p class="hint">Self-heating: {measured(plan.selfHeating.rateCPerMinute, 'C/min')} over {plan.selfHeating.windowS} s, held for {plan.selfHeating.holdS} s. Largest dT/dt over {plan.rateWindowsS.join(', ')} s.<SourceMark source={plan.selfHeating.source} /></p></section>
    </div>
  );
}

const Line = ({ source, children }: { readonly source: FigureSource; readonly children: JSX.Element['props']['children'] }): JSX.Element => <li>{children} <SourceMark source={source} /></li>;
