// Profiles: the list, one profile with its values and versions, and the form that makes the next version.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { setupApi } from '../api/setup';
import type { ProfileBody, ProfileFields, ProfileLine, ProfileView } from '../api/setup-types';
import { copyName } from '../logic/setup';
import { ProfileEditor } from '../parts/profile-editor';
import { ProfileShown } from '../parts/profile-shown';
import { clock, useNow } from '../state/clock';
import { useSession } from '../state/session';
import type { PageProps } from './pages';
import '../styles/setup.css';

/** Bytes of a profile file that is taken. */
const fileBytesMax = 64 * 1024;

interface Draft {
  readonly body: ProfileBody;
  /** Version it is based on; 0 for a new profile. */
  readonly version: number;
}

export function ProfilesPage({ route }: PageProps): JSX.Element {
  const [lines, setLines] = useState<readonly ProfileLine[] | null>(null);
  const [fields, setFields] = useState<ProfileFields | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [done, setDone] = useState('');
  const [round, setRound] = useState(0);
  const mayChange = useSession().may('operator');

  useEffect(() => {
    const stop = new AbortController();
    const failed = (cause: unknown): void => {
      if (!stop.signal.aborted) {
        setError(cause instanceof Error ? cause.message : String(cause));
      }
    };
    setupApi.profiles(stop.signal).then(setLines, failed);
    setupApi.fields(stop.signal).then(setFields, failed);
    return () => stop.abort();
  }, [round]);

  const taken = (lines ?? []).map((line) => line.name);
  const saved = (view: ProfileView): void => {
    setDraft(null);
    setDone(`${view.name} is saved as version ${view.version}. It holds for tests that begin from now on.`);
    setRound((count) => count + 1);
    location.hash = `#/profiles/${encodeURIComponent(view.name)}`;
  };
  const copy = (body: ProfileBody): void => setDraft({ body: { ...body, name: copyName(String(body['name'] ?? 'profile'), taken) }, version: 0 });
  const take = async (file: File | undefined): Promise<void> => {
    setError(null);
    if (!file) {
      return;
    }
    if (file.size > fileBytesMax) {
      setError(`${file.name} has ${file.size} bytes; a profile has at most ${fileBytesMax}.`);
      return;
    }
    try {
      const body = JSON.parse(await file.text()) as unknown;
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw new Error('it is no JSON object');
      }
      const name = String((body as ProfileBody)['name'] ?? '');
      const known = (lines ?? []).find((line) => line.name === name);
      setDraft({ body: known?.source === 'builtIn' ? { ...body, name: copyName(name, taken) } : (body as ProfileBody), version: known?.version ?? 0 });
    } catch (cause) {
      setError(`${file.name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
    }
  };

  return (
    <main id="main" class="profiles">
      <div class="toolbar">
        <h1>{route.name === '' ? 'Profiles' : <><a href="#/profiles">Profiles</a> / {route.name}</>}</h1>
        <div class="tools">
          <a class="button" href="#/setup">Test set-up</a>
          {mayChange && draft === null ? <><button type="button" onClick={() => setDraft({ body: { name: '', kind: 'full', referenceCycle: 1, endOfLifeRetention: 0.8 }, version: 0 })}>New profile</button>
            <label class="button file">Import a file<input type="file" accept=".json,application/json" onChange={(event) => void take(event.currentTarget.files?.[0])} /></label></> : null}
        </div>
      </div>
      {error ? <p class="form-error" role="status">{error}</p> : null}
      <p class="done" role="status">{done}</p>
      {draft && fields ? (
        <ProfileEditor start={draft.body} version={draft.version} fields={fields} onSaved={saved} onCancel={() => setDraft(null)} />
      ) : route.name !== '' ? (
        <ProfileShown key={`${route.name}/${round}`} name={route.name} fields={fields} mayChange={mayChange} onCopy={copy} onEdit={(view) => setDraft({ body: view.profile, version: view.version ?? 0 })} />
      ) : lines === null ? <p class="waiting">Reading the profiles.</p> : <ProfileTable lines={lines} />}
    </main>
  );
}

function ProfileTable({ lines }: { readonly lines: readonly ProfileLine[] }): JSX.Element {
  const now = useNow(false).wallMilliseconds / 1000;
  const ordered = [...lines.filter((line) => line.source === 'lab'), ...lines.filter((line) => line.source === 'builtIn')];
  return (
    <table class="setup-table">
      <caption class="visually-hidden">Profiles, the lab's own first.</caption>
      <thead><tr><th scope="col">Profile</th><th scope="col">Of</th><th scope="col">What it is</th><th scope="col">Saved <span class="zone">{clock.zoneName}</span></th></tr></thead>
      <tbody>{ordered.map((line) => (
        <tr key={line.name} data-profile={line.name}>
          <th scope="row" class="at-place"><a href={`#/profiles/${encodeURIComponent(line.name)}`}>{line.name}</a></th>
          <td data-label="Of">{line.source === 'lab' ? `this lab, version ${line.version}` : 'built in'}</td>
          <td class="at-what" data-label="What it is">{line.description === '' ? '–' : line.description}</td>
          <td data-label="Saved">{line.savedAt === null ? '–' : <>{clock.moment(line.savedAt, now)}<span class="since">{line.savedBy}</span></>}</td>
        </tr>))}
      </tbody>
    </table>
  );
}
