// The figures that are read from five metres, and what is wrong with them when they are not what is.
import type { JSX } from 'preact';
import type { AbuseRecord } from '../api/abuse-types';
import { isWatched, remainingOf, stopwatch } from '../logic/abuse';
import { hottestOf, latestOfUnit, type Currency, type Latest } from '../logic/abuse-live';
import { amperes, celsius, dash, fixed } from '../logic/format';
import { span } from '../logic/time';
import { abuseEvents } from '../state/abuse-events';
import type { AbuseFeed } from '../state/abuse-feed';
import { useStore } from '../state/store';
import { useFeed, useTick, type SessionProps } from './context';

/** Whether samples still come; asked a few times a second, since nothing tells of what does not come. */
export function useCurrency(feed: AbuseFeed, record: AbuseRecord): Currency {
  const isBacklog = useStore((state) => {
    const cell = state.cells.get(`${record.node ?? ''}/${record.channel ?? ''}`)?.cell;
    return cell !== undefined && cell.online && !cell.live;
  });
  return feed.pulse.judge(performance.now() / 1000, isBacklog);
}

export function Figures({ feed, record, standing }: SessionProps & { readonly feed: AbuseFeed }): JSX.Element {
  useFeed(feed, 'trace');
  useTick(250);
  const currency = useCurrency(feed, record);
  const { buffer } = feed;
  const hottest = hottestOf(buffer);
  const now = abuseEvents.gatewaySeconds;
  const remaining = remainingOf(record, standing.state, now);
  const began = standing.triggeredAt;
  return (
    <section class={`abuse-figures is-${currency.kind}`} aria-label="Figures now" data-currency={currency.kind}>
      <Figure label="Voltage" latest={latestOfUnit(buffer, 'V')} unit="V" format={(value) => fixed(value, 3)} currency={currency} missing={missing(record, 'V')} />
      <Figure label="Hottest" latest={hottest} unit="°C" format={(value) => (value >= 100 ? fixed(value, 0) : celsius(value))} note={hottest?.title} currency={currency} missing={missing(record, 'C')} />
      <div class="giant is-time">
        <h2>Since trigger<span class="giant-of">{began === null ? (isWatched(standing.state) ? 'waiting for the event' : 'not armed') : record.figures?.trigger ? `by ${triggerWords[record.figures.trigger.source]}` : ''}</span></h2>
        <p class="number" role="timer" aria-live="off">{began === null ? dash : stopwatch(now - began)}</p>
      </div>
      <Figure label="Current" latest={latestOfUnit(buffer, 'A')} unit="A" format={amperes} currency={currency} isSmall missing={missing(record, 'A')} />
      <div class="giant is-small is-time">
        <h2>{remaining.label}</h2>
        <p class="number" role="timer" aria-live="off">{remaining.isOver ? 'Over' : remaining.seconds === null ? dash : stopwatch(Math.ceil(remaining.seconds))}</p>
        <p class="giant-note">{remaining.isOver ? 'all that the plan asks for has been seen' : remaining.waiting.length > 0 ? `waiting for ${remaining.waiting.join('; ')}` : began === null ? 'begins with the trigger' : ''}</p>
      </div>
      <CurrencyNote currency={currency} />
    </section>
  );
}

export const triggerWords = { rule: 'the plan’s rule', command: 'command', input: 'the trigger input' } as const;

interface FigureProps {
  readonly label: string;
  readonly latest: Latest | null;
  readonly unit: string;
  readonly format: (value: number) => string;
  readonly currency: Currency;
  readonly note?: string | undefined;
  readonly missing: string;
  readonly isSmall?: boolean;
}

function Figure({ label, latest, unit, format, currency, note, missing: why, isSmall = false }: FigureProps): JSX.Element {
  const value = latest?.value ?? null;
  const isShown = value !== null && currency.kind !== 'gone' && currency.kind !== 'none';
  const last = value === null ? '' : `, last ${format(value)} ${unit}`;
  return (
    <div class={`giant ${isSmall ? 'is-small' : ''} ${isShown ? '' : 'is-absent'}`} data-figure={label}>
      <h2>{label}{isShown ? note ? <span class="giant-of">{note}</span> : null : <span class="giant-of">{currency.kind === 'gone' ? `no sample for ${span(currency.seconds)}${last}` : currency.kind === 'none' ? 'no sample yet' : why}</span>}</h2>
      <p class="number">{isShown ? <><span class="giant-value">{format(value)}</span><span class="giant-unit">{unit}</span></> : <>{dash}</>}</p>
    </div>
  );
}

/** Why there is no reading of a unit, as the gateway says. */
function missing(record: AbuseRecord, unit: string): string {
  const reading = record.figures?.readings.find((each) => each.unit === unit && each.value === null);
  return reading ? `${reading.sensor}: ${reading.state}` : 'no sensor';
}

function CurrencyNote({ currency }: { readonly currency: Currency }): JSX.Element | null {
  switch (currency.kind) {
    case 'stale':
    case 'gone':
      return <p class="currency" role="status"><b>Not current.</b> The newest sample came {span(currency.seconds)} ago.</p>;
    case 'late':
      return <p class="currency" role="status"><b>Late.</b> The node sends what it had kept: these samples are {span(currency.seconds)} old.</p>;
    default:
      return null;
  }
}
