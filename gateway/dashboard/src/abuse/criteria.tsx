// The traffic state of each criterion, by shape and word; and over all of it the words of the red screen.
import type { JSX } from 'preact';
import type { AbuseCriterion, AbuseRecord } from '../api/abuse-types';
import { criterionWords, redCriteria, sinceTrigger, weightOf, type Standing } from '../logic/abuse';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { CriterionMark, SourceMark, toneOf } from './marks';

// What the plan says; a thermal runaway turns the screen red under every plan, also where it fails no test.
const weightWords = ({ isFailure, isRequired }: AbuseCriterion): string => (isFailure ? 'fails the test' : isRequired ? 'required to pass' : 'told only');

export function Criteria({ record, standing }: { readonly record: AbuseRecord; readonly standing: Standing }): JSX.Element {
  const criteria = record.figures?.criteria ?? record.plan.criteria.map((rule): AbuseCriterion => ({
    ...rule, state: 'not-judged', observed: null, metAt: null, reason: rule.measure === 'observed' ? 'only a person sees it' : 'not armed yet',
  }));
  return (
    <section class="panel abuse-criteria" aria-labelledby="criteria-title">
      <h2 id="criteria-title">Criteria</h2>
      {criteria.length === 0 ? <p class="hint">The plan has none.</p> : (
        <ul>{criteria.map((criterion) => {
          const weight = weightOf(criterion, record);
          return (
            <li key={criterion.id} class={`criterion is-${toneOf(criterion.state, weight)}`} data-criterion={criterion.id} data-state={criterion.state}>
              <CriterionMark state={criterion.state} weight={weight} />
              <div>
                <p class="criterion-head"><b>{criterion.title}</b> <span class="criterion-word">{criterionWords[criterion.state]}</span></p>
                <p class="criterion-figures">{figuresOf(criterion)}{criterion.metAt === null ? '' : `, met ${sinceTrigger(criterion.metAt, standing.triggeredAt) ?? ''}`}</p>
                <p class="hint">{weightWords(criterion)}{criterion.reason ? ` · ${criterion.reason}` : ''}<SourceMark source={criterion.source} /></p>
              </div>
            </li>
          );
        })}</ul>
      )}
    </section>
  );
}

function figuresOf({ observed, limit, unit }: AbuseCriterion): string {
  const tail = unitSymbol(unit) === '' ? '' : gap + unitSymbol(unit);
  const parts = [observed === null ? null : inUnit(observed, unit) + tail, limit === null ? null : `limit ${inUnit(limit, unit)}${tail}`];
  return parts.filter((part) => part !== null).join(', ');
}

/** Shown in the moment the stream tells; the names of what is met come with the record. */
export function RedWords({ record }: { readonly record: AbuseRecord }): JSX.Element {
  const met = redCriteria(record);
  const isRunaway = met.some((criterion) => record.plan.criteria.find((rule) => rule.id === criterion.id)?.measure === 'thermal-runaway');
  return (
    <section class="red-words" role="alert">
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7z" /><path class="red-sign" d="M10 5.6v5.6M10 13.8v.6" /></svg>
      <p><b>{isRunaway ? 'THERMAL RUNAWAY' : 'FAILURE CRITERION MET'}</b>
        <span>{met.length === 0 ? 'Reading which …' : met.map((criterion) => criterion.title).join(' · ')}</span></p>
    </section>
  );
}
