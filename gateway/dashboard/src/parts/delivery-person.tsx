// One person: from when on they are told, when they sleep, and by which ways.
import type { JSX } from 'preact';
import type { DeliveryPerson, DeliveryRoute, QuietHours, RouteState } from '../api/delivery-types';
import type { Priority } from '../api/types';
import { dayWords, freeName, newQuietHours, newRoute, routeKey, whenWords } from '../logic/delivery';
import { Choice, NumberField, TextField } from './delivery-fields';
import { RouteEditor } from './delivery-route';

const priorities: readonly Priority[] = ['low', 'medium', 'high', 'emergency'];
const priorityWords: Readonly<Record<Priority, string>> = { low: 'Low and above', medium: 'Medium and above', high: 'High and above', emergency: 'Emergency only' };

interface Props {
  readonly person: DeliveryPerson;
  readonly at: string;
  /** Keys of routes as saved; others must be saved before they can be tried. */
  readonly saved: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, RouteState>;
  readonly by: string | null;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (person: DeliveryPerson) => void;
  readonly onRemove: () => void;
  readonly onTested: () => void;
}

export function PersonEditor({ person, at, saved, states, by, problems, onChange, onRemove, onTested }: Props): JSX.Element {
  const set = (change: Partial<DeliveryPerson>): void => onChange({ ...person, ...change });
  const setRoute = (index: number, route: DeliveryRoute | null): void =>
    set({ routes: person.routes.flatMap((old, i) => (i !== index ? [old] : route ? [route] : [])) });
  return (
    <section class="panel person" aria-label={`Person ${person.name}`}>
      <div class="panel-head">
        <h3>{person.name || 'Without a name'}</h3>
        <p class="hint">{whenWords(person)}</p>
        <button type="button" class="plain tools" onClick={onRemove} aria-label={`Remove person ${person.name}`}>Remove person</button>
      </div>
      <div class="fields">
        <TextField label="Name" value={person.name} maxLength={64} problem={problems.get(`${at}.name`)} onChange={(name) => set({ name })} />
        <Choice label="Tell" value={person.leastPriority} options={priorities} words={priorityWords} onChange={(leastPriority) => set({ leastPriority })} />
        <NumberField label="From escalation" value={person.fromEscalation} least={0} most={10} hint="0 at once; 1 only where nobody acknowledged in time" onChange={(fromEscalation) => set({ fromEscalation })} />
        <TextField
          label="Benches" value={(person.benches ?? []).join(', ')} hint="Empty for all; separated by commas" maxLength={2000}
          onChange={(text) => set({ benches: text.trim() === '' ? null : text.split(',').map((bench) => bench.trim()) })}
        />
      </div>
      <QuietEditor quiet={person.quietHours} problem={problems.get(`${at}.quietHours.to`)} onChange={(quietHours) => set({ quietHours })} />
      {person.routes.map((route, index) => (
        <RouteEditor
          key={index} route={route} at={`${at}.routes.${index}`} savedKey={route.was !== null && saved.has(route.was) && route.was === routeKey(person, route) ? route.was : null}
          state={route.was === null ? undefined : states.get(route.was)} by={by} problems={problems}
          onChange={(next) => setRoute(index, next)} onRemove={() => setRoute(index, null)} onTested={onTested}
        />
      ))}
      {person.routes.length === 0 ? <p class="field-problem">Without a route nothing reaches this person.</p> : null}
      <button type="button" disabled={person.routes.length >= 8} onClick={() => set({ routes: [...person.routes, newRoute(freeName('phone', person.routes.map((route) => route.name)))] })}>Add a route for {person.name}</button>
    </section>
  );
}

function QuietEditor({ quiet, problem, onChange }: { readonly quiet: QuietHours | null; readonly problem: string | undefined; readonly onChange: (quiet: QuietHours | null) => void }): JSX.Element {
  const toggle = (day: string): void => {
    const days = quiet?.days && quiet.days.length > 0 ? quiet.days : Object.keys(dayWords);
    const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day];
    onChange(quiet ? { ...quiet, days: next.length === 7 || next.length === 0 ? null : next } : null);
  };
  return (
    <fieldset class="quiet">
      <legend>Quiet hours</legend>
      <label class="check"><input type="checkbox" checked={quiet !== null} onChange={(event) => onChange(event.currentTarget.checked ? newQuietHours(Intl.DateTimeFormat().resolvedOptions().timeZone) : null)} /> Hold everything but emergencies back at certain hours</label>
      {quiet ? (
        <>
          <div class="fields">
            <TextField label="From" type="time" value={quiet.from} onChange={(from) => onChange({ ...quiet, from })} />
            <TextField label="To" type="time" value={quiet.to} problem={problem} onChange={(to) => onChange({ ...quiet, to })} />
            <TextField label="Time zone" value={quiet.zone} maxLength={64} hint="Such as Europe/Berlin" onChange={(zone) => onChange({ ...quiet, zone })} />
          </div>
          <div class="days" role="group" aria-label="Nights that begin on">
            {Object.entries(dayWords).map(([day, words]) => (
              <label key={day} class="check"><input type="checkbox" checked={!quiet.days || quiet.days.length === 0 || quiet.days.includes(day)} onChange={() => toggle(day)} /> {words}</label>
            ))}
          </div>
        </>
      ) : null}
    </fieldset>
  );
}
