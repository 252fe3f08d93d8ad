// Who is signed in, in the header: the name and role, and the way out. Nothing in an open trial.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { session, useSession } from '../state/session';

export const roleWords = { viewer: 'viewer', operator: 'operator', admin: 'administrator' } as const;

export function AccountButton(): JSX.Element | null {
  const { known, open, person, role } = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  // Who is not signed in is on the login page.
  if (!known || open || role === null) {
    return null;
  }
  const signOut = (): void => {
    setProblem(null);
    session.signOut().catch((cause: unknown) => setProblem(cause instanceof Error ? cause.message : String(cause)));
  };
  return (
    <span class="account">
      <a href="#/login" title="Your account">{person} <span class="hint">{roleWords[role]}</span></a>
      <button type="button" class="plain" onClick={signOut}>Sign out</button>
      {problem === null ? null : <span role="alert" class="form-error">{problem}</span>}
    </span>
  );
}
