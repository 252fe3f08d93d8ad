// Who is told of alarms, by which ways, and how it went. Administrators change it, others look.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { deliveryApi } from '../api/delivery';
import type { DeliveryPerson, DeliverySettings, DeliveryStatus } from '../api/delivery-types';
import { freeName, newPerson, problemsOf, routeKey } from '../logic/delivery';
import { DeliveryLog } from '../parts/delivery-log';
import { PersonEditor } from '../parts/delivery-person';
import { RouteStateWords } from '../parts/delivery-route';
import { BoundsEditor, HeartbeatEditor, HeartbeatState, MailServerEditor } from '../parts/delivery-servers';
import { useSession } from '../state/session';
import { recall, remember } from '../state/settings';
import '../styles/delivery.css';

const refreshMilliseconds = 3000;

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

export function DeliveryPage(): JSX.Element {
  const session = useSession();
  const [status, setStatus] = useState<DeliveryStatus | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [refresh, setRefresh] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    const read = (): void => {
      if (!document.hidden) {
        deliveryApi.status(abort.signal).then((found) => {
          setStatus(found);
          setProblem(null);
        }, (cause: unknown) => {
          if (!abort.signal.aborted) {
            setProblem(sentence(cause));
          }
        });
      }
    };
    read();
    const timer = window.setInterval(read, refreshMilliseconds);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [refresh]);

  const mayEdit = session.may('admin');
  return (
    <main id="main" class="page delivery">
      <div class="toolbar"><h1>Delivery</h1></div>
      <p class="form-error" role="alert">{status?.problem ?? problem}</p>
      {status ? <HeartbeatState heartbeat={status.heartbeat} /> : null}
      {mayEdit ? <Editor status={status} asksName={session.person === null} onTold={() => setRefresh((count) => count + 1)} /> : status ? <Routes status={status} /> : null}
      <DeliveryLog routes={status?.routes.map((route) => route.route) ?? []} refresh={refresh} />
    </main>
  );
}

/** Whoever types a comma is not done yet; what is saved has no empty names. */
const withoutEmptyBenches = (settings: DeliverySettings): DeliverySettings => ({
  ...settings, people: settings.people.map((person) => ({ ...person, benches: person.benches?.filter((bench) => bench !== '') ?? null })),
});

function Routes({ status }: { readonly status: DeliveryStatus }): JSX.Element {
  return (
    <section aria-labelledby="routes-title">
      <h2 id="routes-title">Routes</h2>
      {status.routes.length === 0 ? <p class="waiting">Nobody is told of alarms. An administrator sets who is.</p> : (
        <ul class="routes">{status.routes.map((route) => <li key={route.route}><b>{route.route}</b> <RouteStateWords state={route} /></li>)}</ul>
      )}
    </section>
  );
}

function Editor({ status, asksName, onTold }: { readonly status: DeliveryStatus | null; readonly asksName: boolean; readonly onTold: () => void }): JSX.Element {
  const [saved, setSaved] = useState<DeliverySettings | null>(null);
  const [draft, setDraft] = useState<DeliverySettings | null>(null);
  const [name, setName] = useState(() => recall('name') ?? '');
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');
  const [tried, setTried] = useState(false);

  const take = (settings: DeliverySettings): void => {
    setSaved(settings);
    setDraft(settings);
    setTried(false);
    setError(null);
  };
  useEffect(() => {
    deliveryApi.settings().then(take, (cause: unknown) => setError(sentence(cause)));
  }, []);

  const problems = useMemo(() => (draft ? problemsOf(draft) : new Map<string, string>()), [draft]);
  const states = useMemo(() => new Map(status?.routes.map((route) => [route.route, route])), [status]);
  const savedKeys = useMemo(() => new Set(saved?.people.flatMap((person) => person.routes.map((route) => routeKey(person, route)))), [saved]);
  if (draft === null) {
    return <p class="waiting" role="status">{error ?? 'One moment …'}</p>;
  }

  const by = asksName ? name.trim() : null;
  const change = (part: Partial<DeliverySettings>): void => {
    setDraft({ ...draft, ...part });
    setDone('');
  };
  const setPerson = (index: number, person: DeliveryPerson | null): void =>
    change({ people: draft.people.flatMap((old, i) => (i !== index ? [old] : person ? [person] : [])) });
  const isChanged = draft !== saved;
  const shownProblems = tried ? problems : new Map<string, string>();
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (problems.size > 0) {
      setError(`Not saved: ${problems.size === 1 ? 'one field is' : `${problems.size} fields are`} not right yet.`);
      return;
    }
    try {
      take(await deliveryApi.save(withoutEmptyBenches(draft), by));
      if (by !== null) {
        remember('name', by);
      }
      setDone('Saved.');
      onTold();
    } catch (cause) {
      setError(`Not saved: ${sentence(cause)}`);
    }
  };
  return (
    <form class="delivery-form" noValidate onSubmit={(event) => void save(event)}>
      <section aria-labelledby="people-title">
        <h2 id="people-title">People</h2>
        {draft.people.length === 0 ? <p class="waiting">Nobody is told of alarms yet. Add the person on call, then somebody who is told when that person does not answer.</p> : null}
        <div class="people">
          {draft.people.map((person, index) => (
            <PersonEditor
              key={index} person={person} at={`people.${index}`} saved={savedKeys} states={states} by={by} problems={shownProblems}
              onChange={(next) => setPerson(index, next)} onRemove={() => setPerson(index, null)} onTested={onTold}
            />
          ))}
        </div>
        <button type="button" disabled={draft.people.length >= 100} onClick={() => change({ people: [...draft.people, newPerson(freeName('New person', draft.people.map((person) => person.name)))] })}>Add a person</button>
      </section>
      <section aria-labelledby="shared-title">
        <h2 id="shared-title">Shared by all</h2>
        <div class="shared">
          <MailServerEditor settings={draft} problems={shownProblems} onChange={change} />
          <HeartbeatEditor settings={draft} problems={shownProblems} onChange={change} />
          <BoundsEditor settings={draft} onChange={change} />
        </div>
      </section>
      <div class={`save-bar ${isChanged ? 'is-changed' : ''}`}>
        {asksName ? <label>Your name <input name="by" maxLength={64} autocomplete="name" value={name} onInput={(event) => setName(event.currentTarget.value)} /></label> : null}
        <span role="status">{isChanged ? 'Changes are not saved yet.' : done || `Version ${draft.version}.`}</span>
        <span class="form-error" role="alert">{error}</span>
        <button type="button" disabled={!isChanged} onClick={() => saved && take(saved)}>Discard</button>
        <button type="submit" class="primary" disabled={!isChanged || by === ''}>Save</button>
      </div>
    </form>
  );
}
