// The top of every page: name, pages, connection, clock, settings; below it the banner of alarms and of a lost connection.
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { countUnacknowledged, isAside, severities, severityWords } from '../logic/alarms';
import { dash } from '../logic/format';
import { secondsBetween } from '../logic/staleness';
import { span } from '../logic/time';
import { clock, useNow } from '../state/clock';
import type { Link } from '../state/reducer';
import type { Route } from '../state/route';
import type { EndedSession } from '../state/session';
import { store, useStore } from '../state/store';
import { AccountButton } from './account';
import { Mark, SeverityIcon } from './icons';
import { Navigation } from './navigation';
import { Preferences } from './preferences';

interface HeaderProps {
  readonly route: Route;
  readonly isKiosk: boolean;
  /** Nobody is signed in, and there is nothing but the way in. */
  readonly isOut: boolean;
  readonly ended: EndedSession | null;
}

export function Header({ route, isKiosk, isOut, ended }: HeaderProps): JSX.Element {
  const link = useStore((state) => state.link);
  const version = useStore((state) => state.version);
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="PouchMonitor, to the bench" title={version ? `Gateway ${version}` : undefined}><Mark /><span>PouchMonitor</span></a>
      {isKiosk || isOut ? null : <Navigation route={route} />}
      <div class="status">
        {isOut && !ended ? null : <LinkState kind={ended ? 'lost' : link.kind} />}
        <WallClock />
        {isKiosk ? <a class="leave" href="./#/">Leave wall screen</a> : <Preferences />}
        {isKiosk ? null : <AccountButton />}
      </div>
    </header>
  );
}

function LinkState({ kind }: { readonly kind: Link['kind'] }): JSX.Element {
  const words = kind === 'live' ? 'Live' : kind === 'lost' ? 'Not live' : 'Connecting';
  return <span class={`link-state is-${kind}`}><span class="lamp" aria-hidden="true" />{words}</span>;
}

function WallClock(): JSX.Element {
  const seconds = useNow().wallMilliseconds / 1000;
  return <time class="wall-clock" title={clock.full(seconds)}>{clock.timeOfDay(seconds)} <span>{clock.zoneName}</span></time>;
}

/** Active alarms nobody has acknowledged, by severity, and the state of the connection when it is not live. */
export function Banner({ ended }: { readonly ended: EndedSession | null }): JSX.Element {
  const alarms = useStore((state) => state.alarms);
  const link = useStore((state) => state.link);
  const known = useStore((state) => state.alarmsKnown);
  const old = useStore((state) => state.oldLists);
  const counts = useMemo(() => countUnacknowledged(alarms.values()), [alarms]);
  const over = useMemo(() => [...alarms.values()].filter((alarm) => alarm.state === 'returnedUnacknowledged' && !isAside(alarm)).length, [alarms]);
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const isLost = ended !== null || link.kind === 'lost';

  useEffect(() => {
    const worst = severities.find((severity) => counts[severity] > 0);
    const lead = isLost ? 'Not live · ' : '';
    document.title = lead + (worst ? `${counts[worst]} ${worst} · PouchMonitor` : 'PouchMonitor');
    return () => {
      document.title = 'PouchMonitor';
    };
  }, [counts, isLost]);

  return (
    <section class="notices" aria-label="Alarm counts and connection">
      {ended ? <EndedBanner ended={ended} /> : link.kind === 'lost' ? <LostBanner link={link} /> : null}
      {!ended && link.kind === 'live' && (old.alarms || old.incidents) ? <OldBanner known={known} alarms={old.alarms} /> : null}
      <a class={`banner ${total === 0 ? 'is-quiet' : ''}`} href="#/alarms">
        <span class="visually-hidden">Alarms not acknowledged: </span>
        {severities.map((severity) => (
          <span key={severity} class={`banner-count sev-${severity} ${counts[severity] > 0 ? 'is-on' : 'is-off'}`} data-severity={severity}>
            <SeverityIcon severity={severity} filled={counts[severity] > 0} size={20} />
            <b>{known || counts[severity] > 0 ? counts[severity] : dash}</b>
            <span>{severityWords[severity]}</span>
          </span>
        ))}
        <span class="banner-words">
          {!known ? 'The alarms have not been read yet' : total === 0 ? 'No active alarm waits for acknowledgement' : `${total === 1 ? 'alarm waits' : 'alarms wait'} for acknowledgement`}
          {over > 0 ? ` · ${over} over, not acknowledged` : ''}
          {known && (isLost || link.kind !== 'live') ? ' · as last heard' : ''}
        </span>
      </a>
    </section>
  );
}

/** Nothing arrives for somebody whose session has ended, alarms least of all. */
function EndedBanner({ ended }: { readonly ended: EndedSession }): JSX.Element {
  const heard = useStore((state) => state.lastHeard);
  return (
    <div class="lost" role="alert" data-lost="session">
      <b>Signed out: nothing here is live</b>
      <span>
        {ended.person === null ? 'The session' : `The session of ${ended.person}`} has ended: it expired, or the account was changed.
        {' '}Alarms do not arrive here until somebody signs in{heard ? `; last heard at ${clock.timeOfDay(heard.wallMilliseconds / 1000)} ${clock.zoneName}` : ''}.
      </span>
    </div>
  );
}

/** A live link with a list that could not be read: what is missing there looks like quiet. */
function OldBanner({ known, alarms }: { readonly known: boolean; readonly alarms: boolean }): JSX.Element {
  const what = alarms ? 'alarms' : 'incidents';
  return (
    <div class="lost" role="alert">
      <b>The list of {what} could not be read</b>
      <span>{alarms && !known ? 'it is not known which alarms there are' : 'some may be missing here'}; it is asked for again and again</span>
    </div>
  );
}

function LostBanner({ link }: { readonly link: Extract<Link, { kind: 'lost' }> }): JSX.Element {
  const now = useNow();
  const wait = link.retryAt === null ? null : Math.max(0, Math.ceil((link.retryAt.wallMilliseconds - now.wallMilliseconds) / 1000));
  return (
    <div class="lost" role="alert">
      <b>Connection lost</b>
      <span>
        {link.lastHeard
          ? `showing data of ${clock.timeOfDay(link.lastHeard.wallMilliseconds / 1000)} ${clock.zoneName}, ${span(secondsBetween(link.lastHeard, now))} old`
          : 'the gateway has not answered yet'}
      </span>
      <span class="retry" aria-live="off">
        {wait === null ? 'trying again now' : `next try in ${wait} s`}
        <button type="button" onClick={() => store.retryNow()}>Try now</button>
      </span>
    </div>
  );
}
