// All abuse tests: those that somebody still has to do something about, and those that are over, which can be compared.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { abuseApi } from '../api/abuse';
import type { AbuseRecord } from '../api/abuse-types';
import { criterionWords, isOpen, isWatched, kindWords, stateWords, worstOf } from '../logic/abuse';
import { abuseEvents } from '../state/abuse-events';
import { clock, nowSeconds } from '../state/clock';
import { useSession } from '../state/session';
import { useShortcuts } from '../state/shortcuts';
import { CriterionMark } from './marks';
import { NewSession } from './new-session';

const pageLength = 50;
const refreshMilliseconds = 5000;
/** As many as the report of several takes side by side. */
const comparedMost = 8;

export const sessionHref = (id: string): string => `#/abuse/${encodeURIComponent(id)}`;

export function AbuseList({ isNew }: { readonly isNew: boolean }): JSX.Element {
  const [records, error, more, hasMore] = useList();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useSession().may('operator');
  useShortcuts(mayAct ? [{ keys: 'n', words: 'New abuse test', group: 'Abuse tests', run: () => { location.hash = '#/abuse?new'; } }] : []);
  const open = (records ?? []).filter((record) => isOpen(record.state));
  const past = (records ?? []).filter((record) => !isOpen(record.state));
  const toggle = (id: string): void => setChosen((before) => {
    const next = new Set(before);
    if (!next.delete(id)) {
      next.add(id);
    }
    return next;
  });
  return (
    <main id="main" class="abuse">
      <div class="toolbar">
        <h1>Abuse tests</h1>
        <div class="tools">
          <a class="button" href="#/abuse?plans">Plans</a>
          {mayAct && !isNew ? <a class="button primary-link" href="#/abuse?new">New abuse test</a> : null}
        </div>
      </div>
      {error ? <p class="form-error" role="status">{error}{records ? ' What is shown is as last heard.' : ''}</p> : null}
      {isNew && mayAct ? <NewSession /> : null}
      {records === null ? <p class="waiting">{error ? '' : 'Reading the abuse tests.'}</p> : records.length === 0 && !isNew ? (
        <section class="empty"><h2>No abuse test yet</h2><p>A test is made from a plan and a channel: it is armed once its list is good, watched at 50 samples a second, timed by its standard, and signed.</p></section>
      ) : null}
      {open.length > 0 ? <section aria-labelledby="open-title"><h2 id="open-title" class="list-title">Open</h2><ul class="abuse-cards">{open.map((record) => <Card key={record.id} record={record} chosen={chosen.has(record.id)} onChoose={record.state === 'ended' ? () => toggle(record.id) : null} />)}</ul></section> : null}
      {past.length > 0 ? <section aria-labelledby="past-title"><h2 id="past-title" class="list-title">Over</h2><Past records={past} chosen={chosen} onChoose={toggle} /></section> : null}
      {hasMore ? <p><button type="button" onClick={more}>Show older ones</button></p> : null}
      {chosen.size > 0 ? <Compare chosen={[...chosen]} onClear={() => setChosen(new Set())} /> : null}
    </main>
  );
}

function Card({ record, chosen, onChoose }: { readonly record: AbuseRecord; readonly chosen: boolean; readonly onChoose: (() => void) | null }): JSX.Element {
  const worst = worstOf(record);
  const isRed = worst === 'met' && isWatched(record.state);
  return (
    <li class={`panel abuse-card is-${record.state} ${isRed ? 'is-red' : ''}`} data-abuse={record.id}>
      <h3><a href={sessionHref(record.id)}>{record.cell}</a></h3>
      <p class={`abuse-state is-${record.state}`}>{stateWords[record.state]}</p>
      <p>{record.plan.title}</p>
      <p class="hint">{record.node}/{record.channel} · since {clock.moment(record.createdAt, nowSeconds())} {clock.zoneName} by {record.createdBy}</p>
      {isWatched(record.state) || record.state === 'ended' ? <p class={`card-worst criterion is-${worst}`}><CriterionMark state={worst} weight="failure" /> Failure criteria: <b>{criterionWords[worst]}</b></p> : null}
      {onChoose ? <label class="check"><input type="checkbox" checked={chosen} onChange={onChoose} /> Compare</label> : null}
    </li>
  );
}

function Past({ records, chosen, onChoose }: { readonly records: readonly AbuseRecord[]; readonly chosen: ReadonlySet<string>; readonly onChoose: (id: string) => void }): JSX.Element {
  const now = nowSeconds();
  return (
    <table class="setup-table">
      <caption class="visually-hidden">Abuse tests that are over, newest first. Times in {clock.zoneName}.</caption>
      <thead><tr><th scope="col">Cell</th><th scope="col">Compare</th><th scope="col">Plan</th><th scope="col">State</th><th scope="col">Result</th><th scope="col">Hazard</th><th scope="col">Ended <span class="zone">{clock.zoneName}</span></th></tr></thead>
      <tbody>{records.map((record) => {
        const { verdict } = record;
        const isCancelled = record.state === 'cancelled';
        const level = record.observations?.hazardLevel ?? null;
        return (
          <tr key={record.id} data-abuse={record.id}>
            <th scope="row" class="at-place"><a href={sessionHref(record.id)}>{record.cell}</a></th>
            <td data-label="Compare">{isCancelled ? '–' : <input type="checkbox" aria-label={`Compare ${record.cell}, ${record.plan.title}`} checked={chosen.has(record.id)} onChange={() => onChoose(record.id)} />}</td>
            <td data-label="Plan"><span>{record.plan.title}<span class="since">{record.plan.standard ?? kindWords[record.plan.kind]}</span></span></td>
            <td data-label="State"><span>{stateWords[record.state]}</span></td>
            <td data-label="Result"><span>{verdict === null ? '–' : { passed: 'passed', failed: 'not passed', open: 'undecided', none: '–' }[verdict.kind]}</span></td>
            <td data-label="Hazard"><span>{level === null ? record.figures && !isCancelled ? `${record.figures.hazard.level} proposed` : '–' : level}</span></td>
            <td data-label="Ended"><span>{record.endedAt === null ? '–' : clock.moment(record.endedAt, now)}</span></td>
          </tr>);
      })}</tbody>
    </table>
  );
}

function Compare({ chosen, onClear }: { readonly chosen: readonly string[]; readonly onClear: () => void }): JSX.Element {
  const isTooMany = chosen.length > comparedMost;
  return (
    <div class="abuse-bar" role="region" aria-label="Comparison">
      <div class="abuse-bar-row">
        <p role="status">{chosen.length === 1 ? 'One test chosen; choose another to compare.' : isTooMany ? `${chosen.length} tests chosen; ${comparedMost} are the most side by side.` : `${chosen.length} tests chosen.`}</p>
        <div class="abuse-actions">
          <button type="button" onClick={onClear}>Choose none</button>
          {chosen.length > 1 && !isTooMany ? <a class="button primary-link" href={`/api/v1/abuse/report?ids=${chosen.map(encodeURIComponent).join(',')}`} target="_blank" rel="noopener">Report side by side</a> : null}
        </div>
      </div>
    </div>
  );
}

/** The newest tests and those asked for beyond; asked again when the stream tells of one, and every few seconds. */
function useList(): readonly [readonly AbuseRecord[] | null, string | null, () => void, boolean] {
  const [newest, setNewest] = useState<readonly AbuseRecord[] | null>(null);
  const [older, setOlder] = useState<readonly AbuseRecord[]>([]);
  const [hasMore, setMore] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const hasOlder = useRef(false);
  useEffect(() => {
    const controller = new AbortController();
    let timer = 0;
    let isAsking = false;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      if (!isAsking && !document.hidden) {
        isAsking = true;
        try {
          const told = await abuseApi.list('all', pageLength, null, controller.signal);
          setNewest(told);
          setError(null);
          if (!hasOlder.current) {
            setMore(told.length === pageLength);
          }
        } catch (cause) {
          if (controller.signal.aborted) {
            return;
          }
          setError(cause instanceof Error ? cause.message : String(cause));
        }
        isAsking = false;
      }
      timer = window.setTimeout(() => void ask(), refreshMilliseconds);
    };
    void ask();
    const unlisten = abuseEvents.listen(() => void ask(), () => void ask());
    return () => {
      controller.abort();
      clearTimeout(timer);
      unlisten();
    };
  }, []);
  const known = new Set(newest?.map((record) => record.id));
  const all = newest === null ? null : [...newest, ...older.filter((record) => !known.has(record.id))];
  const more = (): void => {
    const last = all?.[all.length - 1];
    if (last) {
      hasOlder.current = true;
      void abuseApi.list('all', pageLength, last.createdAt).then((told) => {
        setOlder((before) => [...before, ...told]);
        setMore(told.length === pageLength);
      }, (cause: unknown) => setError(cause instanceof Error ? cause.message : String(cause)));
    }
  };
  return [all, error, more, hasMore];
}
