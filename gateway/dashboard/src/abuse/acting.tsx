// Who acts at this screen. In an open trial the name is asked for until it is there, and then only told, with a way to change it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Person } from '../parts/person';

export function Acting({ person }: { readonly person: Person }): JSX.Element {
  const [isNaming, setNaming] = useState(person.name === '');
  if (!person.field) {
    return <p class="acting-as">{person.name}</p>;
  }
  if (!isNaming && person.name !== '') {
    return <p class="acting-as">{person.name}<button type="button" class="plain" onClick={() => setNaming(true)}>Change<span class="visually-hidden"> the name</span></button></p>;
  }
  const done = (): void => {
    if (person.name !== '') {
      person.keep();
      setNaming(false);
    }
  };
  return <div class="acting" onFocusOut={done} onKeyDown={(event) => event.key === 'Enter' && done()}>{person.field}</div>;
}
