// Events on the time axis as buttons, and all of them as a list that the keyboard reaches.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { severityWords } from '../logic/alarms';
import { SeverityIcon } from '../parts/icons';
import { clock, useNow } from '../state/clock';
import { clusters, type Shown, type TimelineEvent } from './events';
import type { Range } from './view';

const kindSigns: Readonly<Record<TimelineEvent['kind'], string>> = { finding: '!', alarm: 'A', boot: 'B', step: 'S', cycle: 'C', capture: 'P' };

/** A narrower step has its line alone: a piece of a word says nothing. */
const stepNamePixels = 34;

interface LaneProps {
  readonly shown: Shown;
  readonly range: Range;
  readonly left: number;
  readonly width: number;
  readonly onChoose: (event: TimelineEvent) => void;
}

const sentence = (event: TimelineEvent): string => `${event.severity ? `${severityWords[event.severity]}: ` : ''}${event.title}${event.detail ? `. ${event.detail}` : ''}`;

export function Lane({ shown, range, left, width, onChoose }: LaneProps): JSX.Element {
  const pixelOf = (time: number): number => ((time - range.from) / (range.to - range.from)) * width;
  return (
    <div class="lane" style={{ marginLeft: `${left}px`, width: `${width}px` }}>
      {shown.steps.length > 0 && shown.steps.length <= 14 ? shown.steps.map((step, at) => {
        const next = shown.steps[at + 1];
        const room = (next ? pixelOf(next.time) : width) - pixelOf(step.time);
        const isNamed = room >= stepNamePixels;
        return <span key={step.key} class={isNamed ? 'lane-step is-named' : 'lane-step'} aria-hidden="true" style={{ left: `${pixelOf(step.time)}px`, maxWidth: `${room}px` }}>{isNamed ? step.title : null}</span>;
      }) : null}
      {clusters(shown.events, range, width).slice(0, 60).map((cluster) => {
        const first = cluster.events[0] as TimelineEvent;
        const more = cluster.events.length - 1;
        return (
          <button
            key={first.key} type="button" class={`lane-mark${first.severity ? ` sev-${first.severity}` : ''}`} style={{ left: `${cluster.at * width}px` }}
            title={cluster.events.slice(0, 5).map(sentence).join('\n')} aria-label={`${sentence(first)}, ${clock.full(first.time)}${more > 0 ? `, and ${more} more` : ''}`} onClick={() => onChoose(first)}
          >
            {first.severity ? <SeverityIcon severity={first.severity} filled size={18} /> : <span class="lane-sign" aria-hidden="true">{kindSigns[first.kind]}</span>}
            {more > 0 ? <span class="lane-more" aria-hidden="true">+{more}</span> : null}
          </button>
        );
      })}
    </div>
  );
}

/** Lines drawn before "show all". */
const mostLines = 40;

export function EventList({ shown, total, onChoose }: { readonly shown: Shown; readonly total: number; readonly onChoose: (event: TimelineEvent) => void }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const [all, setAll] = useState(false);
  // Drawn only while it is open: the range changes with every frame of a movement.
  const [isOpen, setOpen] = useState(false);
  const lines = [...shown.events, ...shown.cycles, ...shown.steps].sort((a, b) => a.time - b.time);
  const listed = all ? lines : lines.slice(0, mostLines);
  return (
    <details class="fold" onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>Events in this range: {lines.length}{shown.leftOut ? `, and ${shown.leftOut} too many to list` : ''}{total > 0 ? <span class="hint"> of {total} in the test</span> : null}</summary>
      {!isOpen ? null : lines.length === 0 ? <p class="waiting">Nothing happened in this range that is on record.</p> : (
        <ol class="event-list">{listed.map((event) => (
          <li key={event.key} class={event.severity ? `sev-${event.severity}` : ''}>
            <button type="button" class="event-line" onClick={() => onChoose(event)}>
              <span class="when">{clock.moment(event.time, now)}</span>
              {event.severity ? <SeverityIcon severity={event.severity} filled size={16} /> : <span class="lane-sign" aria-hidden="true">{kindSigns[event.kind]}</span>}
              <b>{event.title}</b><span class="hint">{event.detail}</span>
            </button>
          </li>))}
        </ol>
      )}
      {isOpen && listed.length < lines.length ? <button type="button" class="plain" onClick={() => setAll(true)}>Show all {lines.length}</button> : null}
    </details>
  );
}
