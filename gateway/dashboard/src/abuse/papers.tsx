// Photos, videos and texts kept with a session, and the signatures under it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { abuseAddress, abuseApi } from '../api/abuse';
import { count } from '../logic/format';
import { clock } from '../state/clock';
import { useDesk, type SessionProps } from './context';

const fileBytesMost = 20_000_000;
const filesMost = 50;
const kinds = 'image/*,video/*,application/pdf,text/plain';

export function Attachments({ record }: SessionProps): JSX.Element {
  const { feed, by, mayAct, person, order } = useDesk();
  const [text, setText] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const mayAdd = mayAct && record.state !== 'signed' && record.state !== 'cancelled';
  const take = async (input: HTMLInputElement): Promise<void> => {
    const files = [...(input.files ?? [])];
    setProblem(null);
    for (const [i, file] of files.entries()) {
      if (file.size > fileBytesMost) {
        setProblem(`${file.name} has ${count(file.size)} bytes; ${count(fileBytesMost)} are the most.`);
        continue;
      }
      setTold(`Sending ${file.name}${files.length > 1 ? `, ${i + 1} of ${files.length}` : ''} …`);
      if (!(await order(() => abuseApi.attach(feed.id, file, text.trim(), by)))) {
        break;
      }
      setText('');
    }
    setTold(null);
    input.value = '';
  };
  return (
    <section class="panel abuse-attachments" aria-labelledby="attachments-title">
      <h2 id="attachments-title">Photos and files</h2>
      {record.attachments.length === 0 ? <p class="hint">None yet.</p> : (
        <ul>{record.attachments.map((file) => {
          const address = abuseAddress(record.id, `attachments/${file.id}`);
          return (
            <li key={file.id} data-attachment={file.name}>
              {file.mediaType.startsWith('image/') && file.mediaType !== 'image/svg+xml' ? <a href={address} target="_blank" rel="noopener"><img src={address} alt={file.text || file.name} loading="lazy" /></a> : null}
              <a href={address} target="_blank" rel="noopener">{file.name}</a>
              {file.text ? <p>{file.text}</p> : null}
              <p class="hint">{count(Math.ceil(file.sizeBytes / 1000))} kB · {file.person}, {clock.full(file.at)}</p>
            </li>);
        })}</ul>
      )}
      {mayAdd ? (
        <div class="attach">
          <label>What it shows<input maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
          <div class="attach-ways">
            <label class="button file">Take a photo<input type="file" accept="image/*" capture="environment" disabled={person.name === '' || record.attachments.length >= filesMost} onChange={(event) => void take(event.currentTarget)} /></label>
            <label class="button file">Add files<input type="file" accept={kinds} multiple disabled={person.name === '' || record.attachments.length >= filesMost} onChange={(event) => void take(event.currentTarget)} /></label>
          </div>
          <p class="hint" role="status">{told ?? (record.attachments.length >= filesMost ? `${filesMost} files are the most.` : person.name === '' ? 'Write your name below.' : 'Pictures, videos, PDF and text, 20 MB each.')}</p>
          <p class="form-error" role="alert">{problem}</p>
        </div>) : null}
    </section>
  );
}

const meanings = ['performed', 'reviewed', 'approved', 'witnessed'] as const;

export function Signatures({ record }: SessionProps): JSX.Element {
  const { feed, by, mayAct, person, order, isBusy } = useDesk();
  const [chosen, setChosen] = useState<string | null>(null);
  const meaning = chosen ?? (record.signatures.length === 0 ? 'performed' : 'reviewed');
  const [isSure, setSure] = useState(false);
  const maySign = mayAct && (record.state === 'ended' || record.state === 'signed');
  const sign = (event: Event): void => {
    event.preventDefault();
    void order(() => abuseApi.sign(feed.id, meaning, by)).then((taken) => {
      if (taken) {
        setSure(false);
        setChosen(null);
      }
    });
  };
  return (
    <section class="panel abuse-signatures" aria-labelledby="signatures-title">
      <h2 id="signatures-title">Signatures</h2>
      {record.signatures.length === 0 ? <p class="hint">Nobody has signed. The first signature closes the record: nothing in it can be changed afterwards.</p> : (
        <ul>{record.signatures.map((signature) => (
          <li key={`${signature.person}/${signature.at}`}><b>{signature.person}</b> {signature.meaning}, {clock.full(signature.at)}<span class="hint"> over the content <code>{signature.contentSha256.slice(0, 16)}…</code></span></li>))}
        </ul>)}
      {maySign ? (
        <form class="sign" onSubmit={sign}>
          <label>I have<select value={meaning} onChange={(event) => setChosen(event.currentTarget.value)}>{meanings.map((each) => <option key={each} value={each}>{each} this test</option>)}</select></label>
          <label class="check"><input type="checkbox" required checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} /> What is above is complete and true{record.observations.at === null ? ', although nobody has said what was seen' : ''}</label>
          <button type="submit" class="primary" disabled={isBusy || person.name === ''}>Sign{person.name === '' ? '' : ` as ${person.name}`}</button>
        </form>) : null}
    </section>
  );
}
