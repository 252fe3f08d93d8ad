// A new abuse test: which plan, on which channel. Nothing is armed by it.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import type { AbusePlan } from '../api/abuse-types';
import { kindWords } from '../logic/abuse';
import { usePerson } from '../parts/person';
import { Said, useWork } from '../parts/work';
import { useSession } from '../state/session';
import { useStore } from '../state/store';
import { sessionHref } from './list';

export function NewSession(): JSX.Element {
  const [plans, setPlans] = useState<readonly AbusePlan[] | null>(null);
  const [plan, setPlan] = useState('');
  const [place, setPlace] = useState('');
  const person = usePerson();
  const isNamed = useSession().person !== null;
  const work = useWork();
  const cells = useStore((state) => state.cells);
  const channels = useMemo(() => [...cells.values()].map((view) => view.cell).sort((a, b) => a.node.localeCompare(b.node) || a.channel.localeCompare(b.channel, 'en', { numeric: true })), [cells.size]);
  useEffect(() => {
    const stop = new AbortController();
    abuseApi.plans(stop.signal).then(setPlans, () => stop.signal.aborted || setPlans([]));
    return () => stop.abort();
  }, []);
  const chosen = plans?.find((each) => each.name === plan) ?? null;
  const kinds = [...new Set(plans?.map((each) => each.kind))];
  const begin = (event: Event): void => {
    event.preventDefault();
    const cell = channels.find((each) => `${each.node}/${each.channel}` === place);
    if (!cell) {
      return;
    }
    void work.run(async () => {
      const record = await abuseApi.begin(plan, cell.node, cell.channel, isNamed ? null : person.name);
      person.keep();
      location.hash = sessionHref(record.id);
    });
  };
  return (
    <form class="panel abuse-new" aria-labelledby="new-title" onSubmit={begin}>
      <h2 id="new-title">New abuse test</h2>
      <div class="pair">
        <div class="field"><label for="plan">Plan</label>
          <select id="plan" required autofocus value={plan} onChange={(event) => setPlan(event.currentTarget.value)}>
            <option value="">{plans === null ? 'Reading the plans …' : 'Choose a plan'}</option>
            {kinds.map((kind) => <optgroup key={kind} label={kindWords[kind]}>{plans?.filter((each) => each.kind === kind).map((each) => <option key={each.name} value={each.name}>{each.title}{each.version > 1 ? `, version ${each.version}` : ''}</option>)}</optgroup>)}
          </select></div>
        <div class="field"><label for="place">Channel and cell</label>
          <select id="place" required value={place} onChange={(event) => setPlace(event.currentTarget.value)}>
            <option value="">Choose a channel</option>
            {channels.map((each) => <option key={`${each.node}/${each.channel}`} value={`${each.node}/${each.channel}`}>{each.node}/{each.channel}, {each.cell}{each.online ? '' : ' (node offline)'}</option>)}
          </select></div>
        {person.field ? <div class="field">{person.field}</div> : null}
      </div>
      {chosen ? <p class="hint">{kindWords[chosen.kind]}{chosen.standard ? `, ${chosen.standard}` : ''}. {chosen.note ?? ''} <a href={`#/abuse?plans=${encodeURIComponent(chosen.name)}`}>See the plan</a></p> : null}
      <Said work={work} />
      <div class="buttons"><a class="button" href="#/abuse">Back</a><button type="submit" class="primary" disabled={work.busy}>Begin preparing</button></div>
    </form>
  );
}
