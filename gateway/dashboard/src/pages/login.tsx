// Signing in, the first administrator with the link from the console, and one's own account once signed in.
import '../styles/access.css';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { roleWords } from '../parts/account';
import { session, useSession, type SessionView } from '../state/session';
import type { PageProps } from './pages';

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

export function LoginPage({ route }: PageProps): JSX.Element {
  const view = useSession();
  // The token leaves the address bar and the history as soon as it has been read.
  const [setupToken] = useState(() => route.query.get('setup'));
  const back = route.query.get('back');
  useEffect(() => {
    if (setupToken !== null) {
      history.replaceState(null, '', '#/login');
    }
  }, [setupToken]);
  return (
    <main id="main" class="login">
      <section class="panel">
        {!view.known ? <><h1>Sign in</h1><p role="status">The gateway has not answered yet.</p></>
          : view.open ? <><h1>No accounts here</h1><p>This gateway runs as an open trial on its own machine: whoever uses it there may do everything. <a href="#/">To the bench</a></p></>
          : view.role !== null ? <OwnAccount view={view} />
          : view.needsSetup ? <FirstAdministrator token={setupToken} />
          : <SignIn back={back} />}
      </section>
    </main>
  );
}

function SignIn({ back }: { readonly back: string | null }): JSX.Element {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await session.signIn(user.trim(), password);
    } catch (cause) {
      setError(sentence(cause));
      setPassword('');
      setBusy(false);
    }
  };
  return (
    <>
      <h1>Sign in</h1>
      <p class="lead">{back === null ? 'The bench, its alarms and its cells are behind this.' : 'Sign in to go on to the page you asked for.'}</p>
      <form class="access-form" onSubmit={(event) => void submit(event)}>
        <label>Name<input name="user" required autoFocus maxLength={64} autocomplete="username" autocapitalize="none" spellcheck={false} value={user} onInput={(event) => setUser(event.currentTarget.value)} /></label>
        <label>Password<input name="password" type="password" required maxLength={200} autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></label>
        <p class="form-error" role="alert">{error}</p>
        <button type="submit" class="primary" disabled={busy}>{busy ? 'Asking the gateway' : 'Sign in'}</button>
      </form>
    </>
  );
}

function FirstAdministrator({ token }: { readonly token: string | null }): JSX.Element {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (token === null) {
    return (
      <>
        <h1>Nobody has an account yet</h1>
        <p class="lead">The first administrator is made with a link that only the machine of the gateway shows.</p>
        <p>Open the link that begins with <code>setup</code> and was printed when the gateway started. It is good for one use; starting the gateway again prints a new one.</p>
      </>
    );
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (password !== again) {
      setError('The two passwords are not the same.');
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await session.setUp(token, user.trim(), password);
    } catch (cause) {
      setError(sentence(cause));
      setBusy(false);
    }
  };
  return (
    <>
      <h1>First start</h1>
      <p class="lead">Make the account of the first administrator. Others are added on the page Accounts afterwards.</p>
      <form class="access-form" onSubmit={(event) => void submit(event)}>
        <label>Name<input name="user" required autoFocus maxLength={64} pattern="[A-Za-z0-9._\-]+" title="Letters, digits, dot, underscore and hyphen" autocomplete="username" autocapitalize="none" spellcheck={false} value={user} onInput={(event) => setUser(event.currentTarget.value)} /></label>
        <label>Password <span class="hint">10 characters or more</span><input name="password" type="password" required minLength={10} maxLength={200} autocomplete="new-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></label>
        <label>Password again<input name="again" type="password" required minLength={10} maxLength={200} autocomplete="new-password" value={again} onInput={(event) => setAgain(event.currentTarget.value)} /></label>
        <p class="form-error" role="alert">{error}</p>
        <button type="submit" class="primary" disabled={busy}>{busy ? 'Asking the gateway' : 'Make the account'}</button>
      </form>
    </>
  );
}

function OwnAccount({ view }: { readonly view: SessionView }): JSX.Element {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [said, setSaid] = useState<{ readonly error: string | null; readonly done: string | null }>({ error: null, done: null });
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await session.changePassword(current, next);
      setCurrent('');
      setNext('');
      setSaid({ error: null, done: 'The password is changed. Other browsers have to sign in again.' });
    } catch (cause) {
      setSaid({ error: sentence(cause), done: null });
    }
    setBusy(false);
  };
  return (
    <>
      <h1>Your account</h1>
      <p class="lead">Signed in as <b>{view.person}</b>, {roleWords[view.role ?? 'viewer']}. {view.may('admin') ? <a href="#/accounts">To all accounts</a> : null}</p>
      <form class="access-form" onSubmit={(event) => void submit(event)}>
        <h2>Change the password</h2>
        <input type="text" name="username" autocomplete="username" value={view.person ?? ''} hidden readOnly />
        <label>Password now<input name="current" type="password" required maxLength={200} autocomplete="current-password" value={current} onInput={(event) => setCurrent(event.currentTarget.value)} /></label>
        <label>New password <span class="hint">10 characters or more</span><input name="next" type="password" required minLength={10} maxLength={200} autocomplete="new-password" value={next} onInput={(event) => setNext(event.currentTarget.value)} /></label>
        <p class="form-error" role="alert">{said.error}</p>
        <p class="done" role="status">{said.done}</p>
        <button type="submit" class="primary" disabled={busy}>Change the password</button>
        <button type="button" onClick={() => void session.signOut().catch((cause: unknown) => setSaid({ error: sentence(cause), done: null }))}>Sign out</button>
      </form>
    </>
  );
}
