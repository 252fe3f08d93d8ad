// Who makes a change: whoever is signed in; in an open trial nobody is, and the person writes their name.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useSession } from '../state/session';
import { recall, remember } from '../state/settings';

export interface Person {
  readonly name: string;
  /** The field to ask with; null where nobody has to be asked. */
  readonly field: JSX.Element | null;
  /** Called when a change was made, so that the next form knows the name. */
  readonly keep: () => void;
}

export function usePerson(): Person {
  const session = useSession();
  const [name, setName] = useState(() => recall('name') ?? '');
  if (session.person !== null) {
    return { name: session.person, field: null, keep: () => {} };
  }
  return {
    name: name.trim(),
    field: (
      <label>Your name<input name="by" required maxLength={64} autocomplete="name" value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
    ),
    keep: () => remember('name', name.trim()),
  };
}
