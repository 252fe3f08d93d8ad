// The session as one screen behind the blast wall: preparing, armed, triggered, observing, ended, signed.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { isWatched, stateWords } from '../logic/abuse';
import { usePerson, type Person } from '../parts/person';
import { AbuseFeed } from '../state/abuse-feed';
import { useAwake } from '../state/awake';
import { useSession } from '../state/session';
import { cellHref } from '../state/route';
import { Acting } from './acting';
import { Actions } from './actions';
import { DeskContext, useFeed, type Desk, type SessionProps } from './context';
import { Criteria, RedWords } from './criteria';
import { Figures } from './figures';
import { EventLog, Losses } from './log';
import { Observations } from './observations';
import { Attachments, Signatures } from './papers';
import { FastPlot } from './plot';
import { Conditions, Preparing } from './preparing';
import { Values, Verdict } from './results';
import { SirenBox } from './siren-box';
import { StopState } from './stop';
import { ThermalMap } from './thermal-map';

/** `isView`: only to look, as asked for by the address; who may not act only looks in any case. */
export function SessionScreen({ id, isView }: { readonly id: string; readonly isView: boolean }): JSX.Element {
  const feed = useMemo(() => new AbuseFeed(id), [id]);
  const person = usePerson();
  const session = useSession();
  const [error, setError] = useState<string | null>(null);
  const [underWay, setUnderWay] = useState(0);
  useFeed(feed, 'record');
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);

  const order = async (what: () => Promise<unknown>): Promise<boolean> => {
    setUnderWay((count) => count + 1);
    setError(null);
    try {
      await what();
      person.keep();
      return true;
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      return false;
    } finally {
      setUnderWay((count) => count - 1);
      void feed.refresh();
    }
  };
  const mayAct = !isView && session.may('operator');
  const desk: Desk = { feed, person, by: session.person === null ? person.name : null, mayAct, order, error, isBusy: underWay > 0 };
  const { record, standing } = feed;
  useAwake(standing !== null && isWatched(standing.state));
  if (!record || !standing) {
    return (
      <main id="main" class="abuse-screen">
        <h1>Abuse test</h1>
        <p class="waiting" role="status">{feed.isMissing ? `There is no abuse test ${id}.` : feed.problem ?? 'Reading the test.'} {feed.isMissing ? <a href="#/abuse">To all abuse tests</a> : null}</p>
      </main>
    );
  }
  const props: SessionProps = { record, standing };
  const hasBar = mayAct && (standing.state === 'preparing' || isWatched(standing.state));
  return (
    <DeskContext.Provider value={desk}>
      <main id="main" class={`abuse-screen is-${standing.state} ${standing.isRed ? 'is-red' : ''}`} data-abuse={id} data-state={standing.state} data-red={standing.isRed ? '' : undefined}>
        <Title {...props} isView={!mayAct} />
        {feed.problem ? <p class="currency" role="status"><b>Not current.</b> {feed.problem} What is shown is as last heard.</p> : null}
        <StopState />
        {standing.isRed ? <RedWords record={record} /> : null}
        {isWatched(standing.state) ? <Watched {...props} feed={feed} /> : standing.state === 'preparing' ? <Before {...props} feed={feed} /> : <After {...props} feed={feed} />}
        {hasBar ? <Actions {...props} /> : null}
        {mayAct && standing.state === 'ended' || (mayAct && standing.state === 'signed') ? <NameBar error={error} person={person} /> : null}
      </main>
    </DeskContext.Provider>
  );
}

function Title({ record, standing, isView }: SessionProps & { readonly isView: boolean }): JSX.Element {
  return (
    <header class="abuse-title">
      <a class="back" href="#/abuse">Abuse tests</a>
      <h1><a href={cellHref(record.cell)}>{record.cell}</a></h1>
      <p class={`abuse-state is-${standing.state}`} role="status" data-standing={standing.state}>{stateWords[standing.state]}</p>
      <p class="abuse-what">{record.plan.title} · {record.node}/{record.channel}</p>
      {isView ? <p class="abuse-view">Read only</p> : null}
      {isWatched(standing.state) ? <SirenBox record={record} standing={standing} /> : null}
    </header>
  );
}

type Shown = SessionProps & { readonly feed: AbuseFeed };

const Before = ({ feed, ...props }: Shown): JSX.Element => (
  <>
    <Preparing {...props} />
    <div class="abuse-halves"><div class="abuse-column"><Figures feed={feed} {...props} /><EventLog record={props.record} /></div><div class="abuse-column"><Conditions record={props.record} /><Criteria {...props} /></div></div>
  </>
);

const Watched = ({ feed, ...props }: Shown): JSX.Element => (
  <>
    <Figures feed={feed} {...props} />
    <div class="abuse-live">
      <div class="abuse-column"><FastPlot test={props.record} feed={feed} triggeredAt={props.standing.triggeredAt} preTriggerS={props.record.plan.preTriggerS} isMoving /><EventLog record={props.record} /></div>
      <div class="abuse-column"><Criteria {...props} /><Losses record={props.record} /><ThermalMap feed={feed} isMoving /><Conditions record={props.record} /></div>
    </div>
  </>
);

const After = ({ feed, ...props }: Shown): JSX.Element => (
  <>
    <Verdict record={props.record} />
    <div class="abuse-live">
      <div class="abuse-column"><FastPlot test={props.record} feed={feed} triggeredAt={props.standing.triggeredAt} preTriggerS={props.record.plan.preTriggerS} isMoving={false} /><EventLog record={props.record} /></div>
      <div class="abuse-column"><Criteria {...props} /><Losses record={props.record} /><ThermalMap feed={feed} isMoving={false} /></div>
    </div>
    {props.standing.state === 'cancelled' ? null : <>
      <Values record={props.record} />
      <div class="abuse-halves">
        <div class="abuse-column"><Observations {...props} /></div>
        <div class="abuse-column"><Attachments {...props} /><Signatures {...props} /></div>
      </div></>}
    <Conditions record={props.record} />
  </>
);

/** In an open trial the name is asked for once, below everything that is said under it. */
const NameBar = ({ error, person }: { readonly error: string | null; readonly person: Person }): JSX.Element | null =>
  error === null && !person.field ? null : <div class="abuse-bar" role="region" aria-label="Who acts"><p class="form-error" role="alert">{error}</p><div class="abuse-bar-row"><Acting person={person} /></div></div>;
