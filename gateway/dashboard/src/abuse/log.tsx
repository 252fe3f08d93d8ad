// What happened, newest first, and which sensors were lost.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AbuseRecord } from '../api/abuse-types';
import { sinceTrigger } from '../logic/abuse';
import { gap, inUnit, unitSymbol } from '../logic/format';
import { clock, nowSeconds } from '../state/clock';

/** Lines before "show all". */
const linesMost = 12;

export function Losses({ record }: { readonly record: AbuseRecord }): JSX.Element | null {
  const losses = record.figures?.sensorLosses ?? [];
  const trigger = record.figures?.trigger?.at ?? record.triggeredAt;
  if (losses.length === 0) {
    return null;
  }
  return (
    <section class="panel abuse-losses" aria-labelledby="losses-title">
      <h2 id="losses-title">Sensors lost</h2>
      <ul>{losses.map((loss) => (
        <li key={`${loss.sensor}/${loss.at}`} class={loss.backAt === null ? 'is-lost' : ''}>
          <svg class="glyph" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d={loss.backAt === null ? 'M3 3l10 10M13 3L3 13' : 'M3 8.6l3.3 3.4L13 4.6'} /></svg>
          <span><b>{loss.sensor}</b> {loss.fault} at {sinceTrigger(loss.at, trigger) ?? clock.timeOfDay(loss.at)}
            {loss.lastGood === null ? '' : `, last good ${inUnit(loss.lastGood, loss.unit)}${gap}${unitSymbol(loss.unit)}`}
            {loss.backAt === null ? ', still lost' : `, back at ${sinceTrigger(loss.backAt, trigger) ?? clock.timeOfDay(loss.backAt)}`}</span>
        </li>))}
      </ul>
    </section>
  );
}

export function EventLog({ record }: { readonly record: AbuseRecord }): JSX.Element {
  const [all, setAll] = useState(false);
  const trigger = record.figures?.trigger?.at ?? record.triggeredAt;
  const newest = [...record.log].reverse();
  const shown = all ? newest : newest.slice(0, linesMost);
  const now = nowSeconds();
  return (
    <section class="panel abuse-log" aria-labelledby="log-title">
      <h2 id="log-title">Event log <span class="hint">times {clock.zoneName}, and since the trigger</span></h2>
      {newest.length === 0 ? <p class="hint">Nothing yet.</p> : (
        <ol>{shown.map((line, i) => (
          <li key={newest.length - i} class={`is-${line.kind}`}>
            <span class="log-time">{clock.moment(line.at, now)}<span class="since">{sinceTrigger(line.at, trigger) ?? ''}</span></span>
            <span class="log-text">{line.text}{line.person ? <span class="since">{line.person}</span> : null}</span>
          </li>))}
        </ol>
      )}
      {record.logDropped ? <p class="hint">{record.logDropped} lines between the first hundred and these made room for newer ones.</p> : null}
      {newest.length > shown.length ? <button type="button" class="plain" onClick={() => setAll(true)}>Show all {newest.length}</button> : null}
    </section>
  );
}
