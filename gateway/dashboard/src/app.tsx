// The page around the pages: header, banner, the chosen page, and the live region that speaks new alarms.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ShownPage } from './pages/pages';
import { AlertStrip } from './parts/alert-strip';
import { Banner, Header } from './parts/header';
import { ShortcutHelp } from './parts/shortcut-help';
import { useZone } from './state/clock';
import { isKiosk } from './state/kiosk';
import { parseRoute, useRoute } from './state/route';
import { loginHash, useSession } from './state/session';
import { store, useStore } from './state/store';

export function App(): JSX.Element {
  const asked = useRoute();
  const [zone] = useZone();
  const { known, role, ended } = useSession();
  const isOut = known && role === null;
  // Nothing of what was known is shown to nobody, not even until the address has changed.
  const route = isOut ? parseRoute(loginHash(location.hash)) : asked;
  const kiosk = isKiosk(route);
  const link = useStore((state) => state.link.kind);
  return (
    <div class={`frame is-link-${isOut ? 'none' : link} ${kiosk ? 'is-kiosk' : ''}`}>
      <a class="skip" href="#main" onClick={skipToMain}>To the content</a>
      <Header route={route} isKiosk={kiosk} isOut={isOut} ended={ended} />
      {isOut && !ended ? null : (
        <div class="notices-stack">
          <Banner key={`banner-${zone}`} ended={ended} />
          <AlertStrip isKiosk={kiosk} />
        </div>
      )}
      <ShownPage key={zone} route={route} />
      <ShortcutHelp />
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
