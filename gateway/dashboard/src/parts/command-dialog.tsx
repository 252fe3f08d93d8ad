// An order to a node: what it does is said before, and what the node answered after. Nothing counts as done before the node says so.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { nodesApi } from '../api/nodes';
import type { NodeStatus } from '../api/nodes-types';
import { commands } from '../logic/nodes';

export function CommandDialog({ node, onClose, onDone }: { readonly node: NodeStatus; readonly onClose: () => void; readonly onDone: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const channels = Object.keys(node.channels).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const tripped = Object.keys(node.trips ?? {})[0];
  const [name, setName] = useState(tripped ? 'reset' : 'identify');
  const [channel, setChannel] = useState(tripped ?? channels[0] ?? '1');
  const [seconds, setSeconds] = useState('30');
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ readonly words: string; readonly isRefused: boolean } | null>(null);
  const command = commands.find((known) => known.name === name) ?? commands[0];
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  if (!command) {
    return <></>;
  }
  const choose = (next: string): void => {
    setName(next);
    setSure(false);
    setAnswer(null);
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setAnswer(null);
    try {
      const said = await nodesApi.command(node.node, { command: command.name, ...(command.takesChannel ? { channel } : {}), ...(command.takesSeconds ? { seconds: Number(seconds) } : {}) });
      setAnswer({ words: `${node.node} has done it${said.detail ? `: ${said.detail}` : ''}.`, isRefused: false });
      onDone();
    } catch (cause) {
      setAnswer({ words: cause instanceof Error ? cause.message : String(cause), isRefused: true });
    } finally {
      setBusy(false);
      setSure(false);
    }
  };
  return (
    <dialog ref={dialog} class="command-dialog" aria-labelledby="command-title" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <h2 id="command-title">Command to {node.node}</h2>
        <label>Command
          <select value={name} onChange={(event) => choose(event.currentTarget.value)}>{commands.map((known) => <option key={known.name} value={known.name}>{known.words}</option>)}</select>
        </label>
        {command.takesChannel ? (
          <label>Channel
            <select value={channel} onChange={(event) => { setChannel(event.currentTarget.value); setSure(false); }}>{channels.map((each) => <option key={each} value={each}>{each}, {node.channels[each]}{node.trips?.[each] ? ' (tripped)' : ''}</option>)}</select>
          </label>
        ) : null}
        {command.takesSeconds ? <label>For how long, seconds<input type="number" min={1} max={600} required value={seconds} onInput={(event) => setSeconds(event.currentTarget.value)} /></label> : null}
        <p>{command.effect}</p>
        {command.isGrave ? <label class="check"><input type="checkbox" required checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} /> Yes, {command.words.toLowerCase()}{command.takesChannel ? ` of channel ${channel}` : ''} at {node.node}</label> : null}
        <p role="status" class={answer?.isRefused ? 'form-error' : 'command-answer'}>{isBusy ? 'Waiting for the node’s answer …' : answer?.words ?? ''}</p>
        <div class="buttons">
          <button type="button" onClick={onClose}>Close</button>
          <button type="submit" class="primary" disabled={isBusy}>Send</button>
        </div>
      </form>
    </dialog>
  );
}
