// Test set-up: which cell is on which channel, with which profile and limits, on which bench; one form to change it.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { setupApi } from '../api/setup';
import type { ProfileFields, ProfileLine, SetupChannel } from '../api/setup-types';
import { matching } from '../logic/setup';
import { span } from '../logic/time';
import { Assign } from '../parts/assign';
import { clock, useNow } from '../state/clock';
import { cellHref } from '../state/route';
import { useSession } from '../state/session';
import '../styles/setup.css';

const refreshMilliseconds = 5000;

/** Rows drawn; more are counted, not drawn. */
const rowsMax = 600;

export function SetupPage(): JSX.Element {
  const [channels, setChannels] = useState<readonly SetupChannel[] | null>(null);
  const [profiles, setProfiles] = useState<readonly ProfileLine[]>([]);
  const [fields, setFields] = useState<ProfileFields | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [sought, setSought] = useState('');
  const [open, setOpen] = useState<SetupChannel | null>(null);
  const [done, setDone] = useState('');
  const mayChange = useSession().may('operator');

  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      try {
        setChannels(await setupApi.channels(stop.signal));
        setError(null);
      } catch (cause) {
        if (!stop.signal.aborted) {
          setError(cause instanceof Error ? cause.message : String(cause));
        }
      }
    };
    void read();
    void setupApi.profiles(stop.signal).then(setProfiles, () => {});
    void setupApi.fields(stop.signal).then(setFields, () => {});
    const timer = window.setInterval(() => void read(), refreshMilliseconds);
    return () => {
      window.clearInterval(timer);
      stop.abort();
    };
  }, []);

  const shown = useMemo(() => matching(channels ?? [], sought), [channels, sought]);
  const changed = (channel: SetupChannel): void => {
    setChannels((before) => [...(before ?? []).filter((each) => each.node !== channel.node || each.channel !== channel.channel), channel]
      .sort((a, b) => a.node.localeCompare(b.node) || a.channel.localeCompare(b.channel, 'en', { numeric: true })));
    setDone(`${channel.node}/${channel.channel}: cell ${channel.cell}, profile ${channel.profile ?? 'default'}. ${channel.running ? 'The running test goes on as it began.' : 'The next sample begins a test.'}`);
    setOpen(null);
  };

  return (
    <main id="main" class="setup">
      <div class="toolbar">
        <h1>Test set-up</h1>
        <label class="search"><span class="visually-hidden">Find a channel, cell or bench</span><input type="search" placeholder="Find node, cell or bench" value={sought} onInput={(event) => setSought(event.currentTarget.value)} /></label>
        <p class="hint">{channels === null ? '' : `${channels.length} channel${channels.length === 1 ? '' : 's'}, ${channels.filter((each) => each.assigned).length} assigned`}</p>
        <div class="tools">
          <a class="button" href="#/profiles">Profiles</a>
          {mayChange ? <button type="button" onClick={() => setOpen(emptyChannel)}>Assign another channel</button> : null}
        </div>
      </div>
      {error ? <p class="form-error" role="status">{error}{channels ? ' What is shown is as last heard.' : ''}</p> : null}
      <p class="done" role="status">{done}</p>
      {channels === null ? <p class="waiting">{error ? '' : 'Reading the channels.'}</p> : channels.length === 0 ? (
        <section class="empty"><h2>No channel yet</h2><p>A channel appears here when its node tells its status or sends its first sample. One that is still to come can be assigned before.</p></section>
      ) : (
        <ChannelTable channels={shown.slice(0, rowsMax)} mayChange={mayChange} onOpen={setOpen} />
      )}
      {shown.length > rowsMax ? <p class="waiting">{shown.length - rowsMax} more; find them by name.</p> : null}
      {open ? <Assign key={`${open.node}/${open.channel}`} channel={open} channels={channels ?? []} profiles={profiles} figures={fields?.figures ?? []} onChanged={changed} onClose={() => setOpen(null)} /> : null}
    </main>
  );
}

const emptyChannel: SetupChannel = {
  node: '', channel: '', label: '', cell: '', profile: null, profileHash: '', bench: '', test: null, limits: {}, note: null, confirm: null, changedAt: null,
  changedBy: null, assigned: false, assignedProfile: null, assignedBench: null, online: true, receivedAt: null, running: null,
};

function ChannelTable({ channels, mayChange, onOpen }: { readonly channels: readonly SetupChannel[]; readonly mayChange: boolean; readonly onOpen: (channel: SetupChannel) => void }): JSX.Element {
  return (
    <table class="setup-table">
      <caption class="visually-hidden">Channels with the cell of their next test and the test that runs. Times in {clock.zoneName}.</caption>
      <thead>
        <tr>
          <th scope="col">Channel</th><th scope="col">Cell</th><th scope="col">Profile</th><th scope="col">Bench</th>
          <th scope="col">Running test</th><th scope="col">Last changed <span class="zone">{clock.zoneName}</span></th><th scope="col"><span class="visually-hidden">Action</span></th>
        </tr>
      </thead>
      <tbody>{channels.map((channel) => <ChannelRow key={`${channel.node}/${channel.channel}`} channel={channel} mayChange={mayChange} onOpen={onOpen} />)}</tbody>
    </table>
  );
}

function ChannelRow({ channel, mayChange, onOpen }: { readonly channel: SetupChannel; readonly mayChange: boolean; readonly onOpen: (channel: SetupChannel) => void }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  const place = `${channel.node}/${channel.channel}`;
  const { running } = channel;
  const limits = Object.keys(channel.limits).length;
  return (
    <tr data-channel={place}>
      <th scope="row" class="at-place">{place}{channel.online ? null : <span class="since">node offline</span>}</th>
      <td class="at-cell" data-label="Cell"><a href={cellHref(channel.cell)}>{channel.cell}</a><span class="since">{channel.assigned ? (channel.label === channel.cell ? 'assigned' : `assigned; label ${channel.label}`) : 'by its label'}</span></td>
      <td class="at-profile" data-label="Profile">{channel.profile ?? 'default'}{limits > 0 ? <span class="since">{limits === 1 ? 'one limit' : `${limits} limits`} set for it</span> : null}</td>
      <td class="at-bench" data-label="Bench">{channel.bench}</td>
      <td class="at-test" data-label="Running test">
        {running ? running.test : 'none'}
        <span class="since">{running
          ? [running.startedAt === null ? '' : `since ${clock.moment(running.startedAt, now)}`, running.cell === channel.cell && running.profileHash === channel.profileHash ? '' : 'goes on as it began; the next test differs'].filter((part) => part !== '').join(', ')
          : channel.receivedAt === null ? 'no sample yet' : `last sample ${span(Math.max(0, now - channel.receivedAt))} ago`}</span>
      </td>
      <td class="at-changed" data-label="Last changed">{channel.changedAt === null ? '–' : <><time title={clock.full(channel.changedAt)}>{clock.moment(channel.changedAt, now)}</time><span class="since">{channel.changedBy}{channel.note ? `: ${channel.note}` : ''}</span></>}</td>
      <td class="at-action">{mayChange ? <button type="button" onClick={() => onOpen(channel)} aria-label={`Assign ${place}`}>Assign</button> : null}</td>
    </tr>
  );
}
