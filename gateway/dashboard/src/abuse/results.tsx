// After the end: the verdict, every computed value with uncertainty and definition, deviations, the ways to report and archive.
import type { JSX } from 'preact';
import { abuseAddress } from '../api/abuse';
import type { AbuseRecord } from '../api/abuse-types';
import { sinceTrigger, withUncertainty } from '../logic/abuse';
import { clock } from '../state/clock';

export function Verdict({ record }: { readonly record: AbuseRecord }): JSX.Element | null {
  const { verdict } = record;
  if (!verdict || verdict.kind === 'none') {
    return null;
  }
  const { kind } = verdict;
  return (
    <section class={`panel verdict is-${kind}`} aria-label="Result" data-verdict={kind}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path class="mark-shape" d={kind === 'failed' ? 'M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7z' : 'M10 2a8 8 0 1 1 0 16a8 8 0 0 1 0-16z'} />
        <path class="mark-sign" d={kind === 'passed' ? 'M6 10.4l2.8 2.9L14.2 7' : kind === 'failed' ? 'M10 5.6v5.6M10 13.8v.6' : 'M7.5 7.5c0-3.4 5-3.4 5 0 0 2-2.5 2-2.5 4M10 14v.6'} /></svg>
      <p><b>{verdict.title}</b><span>{verdict.reason}</span></p>
      <p class="verdict-links">
        <a class="button" href={abuseAddress(record.id, 'report')} target="_blank" rel="noopener">Report</a>
        <a class="button" href={abuseAddress(record.id, 'archive')} download>Archive with raw data</a>
      </p>
    </section>
  );
}

export function Values({ record }: { readonly record: AbuseRecord }): JSX.Element {
  const values = record.figures?.values ?? [];
  const trigger = record.figures?.trigger;
  return (
    <section class="panel abuse-values" aria-labelledby="values-title">
      <h2 id="values-title">Values</h2>
      {trigger ? <p class="hint">Times count from the trigger: {clock.full(trigger.at)}, ± {trigger.uncertaintyS} s. {trigger.reason}</p> : <p class="hint">It was never triggered.</p>}
      {values.length === 0 ? <p>No value could be computed.</p> : (
        <table class="setup-table">
          <thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">When</th><th scope="col">Sensor</th><th scope="col">Definition</th></tr></thead>
          <tbody>{values.map((value) => (
            <tr key={value.id} data-value={value.id}>
              <th scope="row">{value.title}</th>
              <td data-label="Value" class="value-figure">{value.value === null ? <span class="value-absent">– <span class="since">{value.absence ?? 'not known'}</span></span> : <b>{withUncertainty(value.value, value.uncertainty, value.unit)}</b>}</td>
              <td data-label="When" class="value-when">{value.at === null ? '–' : <span title={clock.full(value.at)}>{sinceTrigger(value.at, trigger?.at ?? null) ?? clock.timeOfDay(value.at)}</span>}</td>
              <td data-label="Sensor"><span>{value.sensor ?? '–'}</span></td>
              <td data-label="Definition" class="value-definition"><span>{value.definition}</span></td>
            </tr>))}
          </tbody>
        </table>
      )}
      <Deviations record={record} />
    </section>
  );
}

function Deviations({ record }: { readonly record: AbuseRecord }): JSX.Element {
  const found = [...record.deviations.map((text) => ({ text, of: 'written down' })), ...(record.figures?.deviations ?? []).map((text) => ({ text, of: 'from the data' }))];
  return (
    <div class="deviations">
      <h3>Deviations</h3>
      {found.length === 0 ? <p class="hint">None known.</p> : <ul>{found.map(({ text, of }, i) => <li key={i}>{text} <span class="hint">{of}</span></li>)}</ul>}
    </div>
  );
}
