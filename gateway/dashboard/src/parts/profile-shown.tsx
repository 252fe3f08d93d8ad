// One profile: every value with its unit and what is done with it, its versions, and what changed between two of them.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { setupApi } from '../api/setup';
import type { ProfileBody, ProfileFields, ProfileView } from '../api/setup-types';
import { curveText, differences, shownUnit } from '../logic/setup';
import { clock, useNow } from '../state/clock';

interface ShownProps {
  readonly name: string;
  readonly fields: ProfileFields | null;
  readonly mayChange: boolean;
  readonly onCopy: (body: ProfileBody) => void;
  readonly onEdit: (view: ProfileView) => void;
}

export const kindWords: Readonly<Record<string, string>> = { full: 'full cell', anodeFree: 'anode-free', symmetric: 'symmetric', half: 'half cell' };

export function ProfileShown({ name, fields, mayChange, onCopy, onEdit }: ShownProps): JSX.Element {
  const [version, setVersion] = useState<number | null>(null);
  const [view, error] = useVersion(name, version);
  const now = useNow(false).wallMilliseconds / 1000;
  if (error || !view || !fields) {
    return <p class={error ? 'form-error' : 'waiting'} role="status">{error ?? 'Reading the profile.'}</p>;
  }
  const newest = view.versions[0]?.version ?? null;
  const isNewest = view.version === newest;
  return (
    <div class="profile">
      <section class="panel" aria-labelledby="values">
        <header class="panel-head">
          <h2 id="values">{view.source === 'lab' ? `Version ${view.version}` : 'Built in, cannot be changed'}</h2>
          <div class="tools">
            <button type="button" onClick={() => saveFile(view)}>Export JSON</button>
            {mayChange ? <button type="button" onClick={() => onCopy(view.profile)}>Copy</button> : null}
            {mayChange && view.source === 'lab' ? <button type="button" class="primary" onClick={() => onEdit({ ...view, version: newest })}>{isNewest ? 'Edit' : 'Edit from this version'}</button> : null}
          </div>
        </header>
        {view.description === '' ? null : <p class="what">{view.description}</p>}
        <Values body={view.profile} fields={fields} />
        <p class="hint">Content {view.hash.slice(0, 12)}. A change holds for tests that begin after it; a running test keeps what it began with.</p>
      </section>
      {view.running.length === 0 ? null : (
        <section class="panel" aria-labelledby="in-use"><h2 id="in-use">Running tests with it</h2>
          <ul>{view.running.map((test) => <li key={test.test}>{test.cell} on {test.node}/{test.channel}{test.same ? '' : ', with another version'}</li>)}</ul></section>
      )}
      {view.versions.length === 0 ? null : (
        <section class="panel" aria-labelledby="versions"><h2 id="versions">Versions</h2>
          <ol class="versions">{view.versions.map((each) => (
            <li key={each.version}><button type="button" aria-pressed={each.version === view.version} onClick={() => setVersion(each.version)}>Version {each.version}</button>
              <span class="since">{clock.moment(each.savedAt, now)} {clock.zoneName}, {each.savedBy}</span></li>))}
          </ol>
          {view.versions.length > 1 ? <Compare name={name} view={view} fields={fields} /> : null}
        </section>
      )}
    </div>
  );
}

function useVersion(name: string, version: number | null): readonly [ProfileView | null, string | null] {
  const [view, setView] = useState<ProfileView | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setupApi.profile(name, version, stop.signal).then((answer) => {
      setView(answer);
      setError(null);
    }, (cause: unknown) => stop.signal.aborted || setError(cause instanceof Error ? cause.message : String(cause)));
    return () => stop.abort();
  }, [name, version]);
  return [view, error];
}

/** Points of a curve that are written out; the file has them all. */
const pointsMax = 12;

/** A value as a person reads it; a dash where it is not known. */
export function valueWords(field: string, value: unknown): string {
  return value === null || value === undefined || value === '' ? '–'
    : field === 'kind' ? kindWords[String(value)] ?? String(value)
      : typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value)
        : Array.isArray(value) ? curveText(value.slice(0, pointsMax)).replaceAll('\n', '; ') + (value.length > pointsMax ? ' …' : '') : String(value);
}

function Values({ body, fields }: { readonly body: ProfileBody; readonly fields: ProfileFields }): JSX.Element {
  const rules = Object.entries((body['rules'] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  return (
    <table class="values">
      <thead><tr><th scope="col">Value of</th><th scope="col" class="num">Value</th><th scope="col">What it does</th></tr></thead>
      <tbody>
        <tr><th scope="row">Kind</th><td class="num">{valueWords('kind', body['kind'])}</td><td>Decides what charging means.</td></tr>
        {fields.figures.map((figure) => (
          <tr key={figure.name} data-field={figure.name}>
            <th scope="row">{figure.title}</th>
            <td class="num">{valueWords(figure.name, body[figure.name])}{body[figure.name] === null || body[figure.name] === undefined ? '' : ` ${shownUnit(figure.unit)}`}</td>
            <td>{body[figure.name] === null || body[figure.name] === undefined ? 'Not known: the rule that needs it does not judge.' : figure.meaning}</td>
          </tr>))}
        {(['referenceRetention', 'referencePolarization'] as const).map((field) => body[field] ? (
          <tr key={field}><th scope="row">{field === 'referenceRetention' ? 'Known fade' : 'Known growth of polarization'}</th><td class="num">{(body[field] as readonly unknown[]).length} points</td>
            <td>{valueWords(field, body[field])} (cycle, ratio): only departure from it warns.</td></tr>) : null)}
        {rules.map(([row, change]) => (
          <tr key={row}><th scope="row">{row}</th><td>{Object.entries(change).filter(([, value]) => value !== null).map(([what, value]) => `${what} ${String(value)}`).join(', ')}</td>
            <td>Instead of the usual; {fields.rules.find((rule) => rule.row === row)?.unit ?? ''}</td></tr>))}
      </tbody>
    </table>
  );
}

function Compare({ name, view, fields }: { readonly name: string; readonly view: ProfileView; readonly fields: ProfileFields }): JSX.Element {
  const others = view.versions.filter((each) => each.version !== view.version);
  const [chosen, setChosen] = useState<number | null>(null);
  const against = others.some((each) => each.version === chosen) ? chosen : (others.find((each) => each.version < (view.version ?? 0)) ?? others[0])?.version ?? null;
  const [other] = useVersion(name, against);
  const changed = other && other.version === against ? differences(other.profile, view.profile) : null;
  return (
    <div class="compare">
      <label>Compare version {view.version} with <select value={String(against)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>{others.map((each) => <option key={each.version} value={String(each.version)}>version {each.version}</option>)}</select></label>
      {changed === null ? <p class="waiting">Reading version {against}.</p> : changed.length === 0 ? <p>They are the same.</p> : (
        <table class="values"><thead><tr><th scope="col">Field</th><th scope="col">Version {against}</th><th scope="col">Version {view.version}</th></tr></thead>
          <tbody>{changed.map(({ field, before, after }) => (
            <tr key={field}><th scope="row">{fields.figures.find((figure) => figure.name === field)?.title ?? field}</th><td>{valueWords(field, before)}</td><td>{valueWords(field, after)}</td></tr>))}
          </tbody></table>
      )}
    </div>
  );
}

function saveFile(view: ProfileView): void {
  const address = URL.createObjectURL(new Blob([`${JSON.stringify(view.profile, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${view.name}${view.version === null ? '' : `-v${view.version}`}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
