// The form that says which cell is on a channel. What it can know it says as one types; the gateway has the last word.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { setupApi } from '../api/setup';
import type { ProfileBody, ProfileFigure, ProfileLine, SetupChannel } from '../api/setup-types';
import { figureProblem, isLooser, nameProblem, numberOf, shownUnit } from '../logic/setup';
import { Field } from './field';
import { Modal } from './modal';
import { usePerson } from './person';

interface AssignProps {
  readonly channel: SetupChannel;
  readonly channels: readonly SetupChannel[];
  readonly profiles: readonly ProfileLine[];
  readonly figures: readonly ProfileFigure[];
  readonly onChanged: (channel: SetupChannel) => void;
  readonly onClose: () => void;
}

export function Assign({ channel, channels, profiles, figures, onChanged, onClose }: AssignProps): JSX.Element {
  const isNew = channel.node === '';
  const [node, setNode] = useState(channel.node);
  const [name, setName] = useState(channel.channel);
  const [cell, setCell] = useState(channel.cell);
  const [profile, setProfile] = useState(channel.assignedProfile ?? '');
  const [bench, setBench] = useState(channel.assignedBench ?? '');
  const [note, setNote] = useState('');
  const [limits, setLimits] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(Object.entries(channel.limits).map(([field, value]) => [field, String(value)])));
  const [endTest, setEndTest] = useState(false);
  const [confirm, setConfirm] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const person = usePerson();
  const usual = profile !== '' ? profile : channel.profile?.replace(/-limits$/, '') ?? 'default';
  const body = useProfile(usual);

  const set = figures.filter((figure) => figure.isLimit);
  const looser = set.filter((figure) => {
    const value = numberOf(limits[figure.name] ?? '');
    return value !== null && !Number.isNaN(value) && isLooser(figure, value, body);
  });
  const running = channel.running;
  const otherCell = running !== null && running.cell !== cell.trim();
  const elsewhere = channels.find((each) => each.assigned && each.cell === cell.trim() && (each.node !== channel.node || each.channel !== channel.channel));
  const cellProblem = cell.trim() === '' ? 'Name the cell.' : nameProblem(cell.trim(), 'cell') ?? (elsewhere ? `This cell is assigned to ${elsewhere.node}/${elsewhere.channel}.` : null);
  const needsReason = looser.length > 0 || (endTest && !channel.online);
  const limitProblem = set.map((figure) => figureProblem(figure, limits[figure.name] ?? '')).find((problem) => problem !== null) ?? null;
  const endProblem = otherCell && !endTest ? `Another cell ends the running test of ${running.cell}: tick it, or leave the cell as it is.` : null;
  const wrong = cellProblem ?? nameProblem(bench.trim(), 'bench') ?? limitProblem ?? endProblem
    ?? (needsReason && confirm.trim() === '' ? 'Say why, above.' : null) ?? (person.name === '' ? 'Write your name.' : null)
    ?? (isNew && (node.trim() === '' || name.trim() === '') ? 'Name the node and its channel.' : null);

  // What was missing is no longer said once it is there.
  useEffect(() => setError(null), [wrong]);

  const send = async (request: () => Promise<SetupChannel>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const answer = await request();
      person.keep();
      onChanged(answer);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  };

  const seenChangedAt = channel.changedAt ?? 0;
  const reason = confirm.trim() === '' ? null : confirm.trim();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (wrong !== null) {
      setError(wrong);
      return;
    }
    void send(() => setupApi.assign(node.trim(), name.trim(), {
      by: person.name, cell: cell.trim(), profile: profile === '' ? null : profile, bench: bench.trim() === '' ? null : bench.trim(), note: note.trim() === '' ? null : note.trim(),
      limits: Object.fromEntries(set.flatMap((figure) => {
        const value = numberOf(limits[figure.name] ?? '');
        return value === null ? [] : [[figure.name, value] as const];
      })),
      confirm: reason, endTest: endTest && running !== null, seenChangedAt,
    }));
  };

  return (
    <Modal class="assign" titledBy="assign-title" onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <h2 id="assign-title">{isNew ? 'Assign a channel' : `Assign ${channel.node}/${channel.channel}`}</h2>
        {isNew ? (
          <div class="pair">
            <Field id="node" label="Node" value={node} onInput={setNode} problem={nameProblem(node.trim(), 'node')} required maxLength={64} />
            <Field id="channel" label="Channel" value={name} onInput={setName} problem={nameProblem(name.trim(), 'channel')} required maxLength={64} />
          </div>
        ) : null}
        <div class="pair">
          <Field id="cell" label="Cell" value={cell} onInput={setCell} problem={cellProblem} required maxLength={64} list="assign-cells" hint={channel.label && channel.label !== cell ? `Its node says ${channel.label}.` : undefined} />
          <Field id="bench" label="Bench" value={bench} onInput={setBench} problem={nameProblem(bench.trim(), 'bench')} maxLength={64} placeholder={channel.bench} list="assign-benches" />
        </div>
        <datalist id="assign-cells">{[channel.label, ...channels.map((each) => each.cell)].filter((each) => each !== '').map((each) => <option key={each} value={each} />)}</datalist>
        <datalist id="assign-benches">{[...new Set(channels.map((each) => each.bench))].map((each) => <option key={each} value={each} />)}</datalist>
        <div class="field">
          <label for="profile">Profile</label>
          <select id="profile" value={profile} onChange={(event) => setProfile(event.currentTarget.value)}>
            <option value="">As configured for the cell, else default</option>
            <optgroup label="Of this lab">{profiles.filter((each) => each.source === 'lab').map((each) => <option key={each.name} value={each.name}>{each.name}</option>)}</optgroup>
            <optgroup label="Built in">{profiles.filter((each) => each.source === 'builtIn').map((each) => <option key={each.name} value={each.name}>{each.name}</option>)}</optgroup>
          </select>
        </div>
        <fieldset>
          <legend>Limits for this test instead of the profile's</legend>
          <div class="limits">
            {set.map((figure) => {
              const own = body?.[figure.name];
              return (
                <Field key={figure.name} id={figure.name} label={figure.title} unit={shownUnit(figure.unit)} value={limits[figure.name] ?? ''} numeric placeholder={typeof own === 'number' ? String(own) : 'none'}
                  onInput={(text) => setLimits((before) => ({ ...before, [figure.name]: text }))} problem={figureProblem(figure, limits[figure.name] ?? '')}
                  hint={looser.includes(figure) ? `Protects less than the profile's ${String(own)}.` : undefined} />
              );
            })}
          </div>
        </fieldset>
        {running ? (
          <label class="check"><input type="checkbox" checked={endTest} onChange={(event) => setEndTest(event.currentTarget.checked)} />
            <span>End the running test {running.test}; the next sample begins another <span class={endProblem ? 'needed' : 'hint'}>{otherCell ? `Needed: it is a test of ${running.cell}.` : 'Otherwise it goes on with the profile and limits it began with.'}</span></span></label>
        ) : null}
        {needsReason ? <Field id="confirm" label={looser.length > 0 ? 'Why these limits may protect less' : 'Why the test ends while its node is offline'} value={confirm} onInput={setConfirm} required maxLength={1000} hint={looser.length > 0 ? undefined : 'What the node has measured but not sent would count to the next test.'} /> : null}
        <Field id="note" label="Note" value={note} onInput={setNote} maxLength={1000} />
        {person.field}
        <p class="form-error" role="alert">{error}</p>
        <div class="buttons">
          {channel.assigned ? <button type="button" class="plain" disabled={busy} onClick={() => person.name === '' ? setError('Write your name.') : void send(() => setupApi.release(channel.node, channel.channel, { by: person.name, endTest: endTest && running !== null, confirm: reason, seenChangedAt }))}>Back to label {channel.label}</button> : null}
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={busy}>{busy ? 'Asking the gateway' : 'Assign'}</button>
        </div>
      </form>
    </Modal>
  );
}

function useProfile(name: string): ProfileBody | null {
  const [body, setBody] = useState<ProfileBody | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setBody(null);
    setupApi.profile(name, null, stop.signal).then((view) => setBody(view.profile), () => {});
    return () => stop.abort();
  }, [name]);
  return body;
}
