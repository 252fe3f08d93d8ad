// The way to all pages. On a narrow screen a menu; the keys `g` and a letter lead there too.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { marked, offered } from '../logic/pages';
import type { Shortcut } from '../logic/shortcuts';
import { pageExists } from '../pages/pages';
import type { Route } from '../state/route';
import { useSession } from '../state/session';
import { useShortcuts } from '../state/shortcuts';

export function Navigation({ route }: { readonly route: Route }): JSX.Element {
  const session = useSession();
  // Until the session is known nothing is withheld: the gateway judges.
  const links = offered(pageExists, (role) => !session.known || session.may(role));
  const [isOpen, setOpen] = useState(false);
  const nav = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useShortcuts(links.map((link): Shortcut => ({
    keys: `g ${link.key}`, words: link.words, group: 'Go to', run: () => { location.hash = link.href; },
  })));
  useEffect(() => setOpen(false), [route]);
  useEffect(() => {
    if (!isOpen) {
      return undefined;
    }
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        setOpen(false);
        button.current?.focus();
      }
    };
    const outside = (event: Event): void => {
      if (!nav.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener('keydown', key);
    document.addEventListener('pointerdown', outside);
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('pointerdown', outside);
    };
  }, [isOpen]);
  const current = marked(route.page);
  return (
    <nav ref={nav} class={isOpen ? 'is-open' : ''} aria-label="Pages">
      <button ref={button} type="button" class="menu" aria-expanded={isOpen} aria-controls="pages" onClick={() => setOpen(!isOpen)}>
        <svg class="glyph" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12" /></svg>
        {links.find((link) => link.page === current)?.words ?? 'Pages'}
      </button>
      <ul id="pages">
        {links.map((link) => (
          <li key={link.page}><a href={link.href} aria-current={link.page === current ? 'page' : undefined} onClick={() => setOpen(false)}>{link.words}</a></li>
        ))}
      </ul>
    </nav>
  );
}
