// The plans: those of the product with where each figure comes from, and the lab's own versions of them.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import type { AbusePlan } from '../api/abuse-types';
import { kindWords, sourceWords } from '../logic/abuse';
import { copyOf } from '../logic/abuse-plan';
import { useSession } from '../state/session';
import { PlanEditor } from './plan-editor';
import { PlanShown } from './plan-shown';

const planHref = (name: string): string => `#/abuse?plans=${encodeURIComponent(name)}`;

/** How many figures of a plan come from memory. */
const recalledIn = (plan: AbusePlan): number =>
  [...plan.conditions, ...plan.criteria, plan.observation, plan.selfHeating].filter((each) => each.source === 'recalled').length;

export function AbusePlans({ name }: { readonly name: string }): JSX.Element {
  const [plans, setPlans] = useState<readonly AbusePlan[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [draft, setDraft] = useState<{ readonly plan: AbusePlan; readonly isCopy: boolean } | null>(null);
  const [done, setDone] = useState('');
  const [round, setRound] = useState(0);
  const [version, setVersion] = useState<AbusePlan | null>(null);
  const mayChange = useSession().may('operator');
  useEffect(() => {
    const stop = new AbortController();
    abuseApi.plans(stop.signal).then(setPlans, (cause: unknown) => stop.signal.aborted || setError(cause instanceof Error ? cause.message : String(cause)));
    return () => stop.abort();
  }, [round]);
  const newest = plans?.find((each) => each.name === name) ?? null;
  const shown = version ?? newest;
  const saved = (plan: AbusePlan): void => {
    setDraft(null);
    setVersion(null);
    setDone(`${plan.name} is saved as version ${plan.version}. It holds for tests that begin from now on.`);
    setRound((count) => count + 1);
    history.replaceState(null, '', planHref(plan.name));
  };
  const showVersion = (asked: number): void => {
    abuseApi.plan(name, asked).then((plan) => setVersion(plan.version === newest?.version ? null : plan), (cause: unknown) => setError(cause instanceof Error ? cause.message : String(cause)));
  };
  return (
    <main id="main" class="abuse plans">
      <div class="toolbar">
        <h1><a href="#/abuse">Abuse tests</a> / {name === '' ? 'Plans' : <><a href="#/abuse?plans">Plans</a> / {name}</>}</h1>
        {shown && mayChange && !draft ? (
          <div class="tools">
            <button type="button" onClick={() => setDraft({ plan: copyOf(shown, (plans ?? []).map((each) => each.name)), isCopy: true })}>Copy under another name</button>
            <button type="button" class="primary" onClick={() => setDraft({ plan: shown, isCopy: false })}>Edit as lab version</button>
          </div>) : null}
      </div>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      <p class="done" role="status">{done}</p>
      {draft ? <PlanEditor start={draft.plan} isCopy={draft.isCopy} onSaved={saved} onCancel={() => setDraft(null)} />
        : name === '' ? <PlanTable plans={plans} />
        : shown ? <PlanShown plan={shown} newest={newest?.version ?? shown.version} onVersion={showVersion} />
        : <p class="waiting">{plans === null ? 'Reading the plans.' : `There is no plan ${name}.`}</p>}
    </main>
  );
}

function PlanTable({ plans }: { readonly plans: readonly AbusePlan[] | null }): JSX.Element {
  if (plans === null) {
    return <p class="waiting">Reading the plans.</p>;
  }
  return (
    <table class="setup-table">
      <caption class="visually-hidden">Plans of abuse tests</caption>
      <thead><tr><th scope="col">Plan</th><th scope="col">Kind</th><th scope="col">What it is</th><th scope="col">Standard</th><th scope="col">Figures from memory</th></tr></thead>
      <tbody>{plans.map((plan) => {
        const recalled = recalledIn(plan);
        return (
          <tr key={plan.name} data-plan={plan.name}>
            <th scope="row" class="at-place"><a href={planHref(plan.name)}>{plan.name}</a>{plan.version > 1 ? <span class="since">lab version {plan.version}</span> : null}</th>
            <td data-label="Kind"><span>{kindWords[plan.kind]}</span></td>
            <td data-label="What it is" class="at-what"><span>{plan.title}</span></td>
            <td data-label="Standard"><span>{plan.standard ?? 'none'}</span></td>
            <td data-label="From memory"><span>{recalled === 0 ? '–' : <span class="source is-recalled" title={sourceWords.recalled}>{recalled} need the lab’s own copy</span>}</span></td>
          </tr>);
      })}</tbody>
    </table>
  );
}
