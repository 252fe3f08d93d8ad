// What was sent to whom, newest first, with why it was not.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { deliveryApi } from '../api/delivery';
import { deliveryStates, type DeliveryLine, type DeliveryState } from '../api/delivery-types';
import { lineDetail, stateWords } from '../logic/delivery';
import { clock, useNow } from '../state/clock';
import { Choice } from './delivery-fields';

const pageLines = 50;
const refreshMilliseconds = 3000;
const stateOptions: readonly (DeliveryState | '')[] = ['', ...deliveryStates];
const signs: Readonly<Record<DeliveryState, string>> = { pending: '…', sending: '→', sent: '✓', failed: '✕', gaveUp: '✕', held: 'Ⅱ', skipped: '–' };

export function DeliveryLog({ routes, refresh }: { readonly routes: readonly string[]; readonly refresh: number }): JSX.Element {
  const [state, setState] = useState<DeliveryState | ''>('');
  const [route, setRoute] = useState('');
  const [lines, setLines] = useState<readonly DeliveryLine[] | null>(null);
  const [older, setOlder] = useState<readonly DeliveryLine[]>([]);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    setOlder([]);
    const read = async (): Promise<void> => {
      try {
        const found = await deliveryApi.log(null, state, route, pageLines, abort.signal);
        setLines(found);
        setMore(found.length === pageLines);
        setError(null);
      } catch (cause) {
        if (!abort.signal.aborted) {
          setError(cause instanceof Error ? cause.message : String(cause));
        }
      }
    };
    void read();
    const timer = window.setInterval(() => {
      if (!document.hidden) {
        void read();
      }
    }, refreshMilliseconds);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [state, route, refresh]);

  const shown = [...(lines ?? []), ...older.filter((line) => !lines?.some((known) => known.id === line.id))];
  const fetchOlder = async (): Promise<void> => {
    try {
      const found = await deliveryApi.log(shown.at(-1)?.id ?? null, state, route, pageLines);
      setOlder([...older, ...found]);
      setMore(found.length === pageLines);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <section aria-labelledby="log-title">
      <div class="toolbar log-bar">
        <h2 id="log-title">Delivery log</h2>
        <Choice label="State" value={state} options={stateOptions} words={{ '': 'All', ...stateWords }} onChange={setState} />
        <Choice label="Route" value={route} options={['', ...routes]} words={Object.fromEntries([['', 'All'], ...routes.map((key) => [key, key])])} onChange={setRoute} />
      </div>
      <p class="form-error" role="alert">{error}</p>
      {lines === null ? <p class="waiting">One moment …</p> : shown.length === 0 ? <p class="waiting">Nothing was sent{state !== '' || route !== '' ? ' that fits the filter' : ' yet'}.</p> : <LogTable lines={shown} />}
      {more ? <button type="button" onClick={() => void fetchOlder()}>Show older</button> : null}
    </section>
  );
}

function LogTable({ lines }: { readonly lines: readonly DeliveryLine[] }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  return (
    <table class="log-table">
      <caption class="visually-hidden">Deliveries, newest first. Times in {clock.zoneName}.</caption>
      <thead><tr><th scope="col">Taken <span class="zone">{clock.zoneName}</span></th><th scope="col">State</th><th scope="col">To</th><th scope="col">Message</th></tr></thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id} class={`log-${line.state}`} data-line={line.id}>
            <td class="when"><time title={clock.full(line.at)}>{clock.moment(line.at, now)}</time></td>
            <td class="log-state"><span aria-hidden="true">{signs[line.state]}</span> {stateWords[line.state]}{line.sentAt !== null && line.sentAt - line.at >= 1 ? <span class="since">after {Math.round(line.sentAt - line.at)} s</span> : null}</td>
            <td class="log-route">{line.route}</td>
            <td class="log-what"><b>{line.title}</b><span class="since">{lineDetail(line)}{line.nextAt !== null && line.state === 'held' ? `; goes at ${clock.moment(line.nextAt, now)}` : ''}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
