// The page around the pages: header, banner, the chosen page, and the live region that speaks new alarms.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Alarms } from './pages/alarms';
import { CellPage } from './pages/cell';
import { Wall } from './pages/wall';
import { Banner, Header } from './parts/header';
import { useRoute } from './state/route';
import { store, useStore } from './state/store';

export function App(): JSX.Element {
  const route = useRoute();
  const link = useStore((state) => state.link.kind);
  return (
    <div class={`frame is-link-${link}`}>
      <a class="skip" href="#main" onClick={skipToMain}>To the content</a>
      <Header route={route} />
      <Banner />
      {route.page === 'wall' ? <Wall /> : route.page === 'alarms' ? <Alarms /> : <CellPage key={route.cell} name={route.cell} />}
      <Announcer />
    </div>
  );
}

/** The hash is the route, so the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault();
  const main = document.getElementById('main');
  main?.setAttribute('tabindex', '-1');
  main?.focus();
}

function Announcer(): JSX.Element {
  const [spoken, setSpoken] = useState({ polite: '', urgent: '' });
  useEffect(() => {
    store.onAnnounce = (sentence, urgent) => setSpoken(urgent ? { polite: '', urgent: sentence } : { polite: sentence, urgent: '' });
    return () => {
      store.onAnnounce = () => {};
    };
  }, []);
  return (
    <div class="visually-hidden">
      <p aria-live="polite">{spoken.polite}</p>
      <p aria-live="assertive">{spoken.urgent}</p>
    </div>
  );
}
