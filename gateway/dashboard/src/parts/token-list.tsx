// Tokens for programs. A new one is shown once, and gone when the page is left.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { access } from '../api/access';
import type { ApiToken, NewToken, TokenScope } from '../api/access-types';
import { clock } from '../state/clock';
import { Said, useWork } from './work';

const scopeWords: Readonly<Record<TokenScope, string>> = {
  metrics: 'read the metrics only',
  read: 'read everything',
  operate: 'read, acknowledge, set up tests',
  admin: 'everything',
};
const lives: readonly (readonly [number, string])[] = [[7, 'a week'], [90, '90 days'], [365, 'a year'], [1825, '5 years']];
const moment = (seconds: number): string => `${clock.day(seconds)} ${clock.timeOfDay(seconds)}`;

export function TokenList(): JSX.Element {
  const [tokens, setTokens] = useState<readonly ApiToken[] | null>(null);
  const [made, setMade] = useState<NewToken | null>(null);
  const work = useWork();
  const load = async (): Promise<void> => setTokens(await access.tokens());
  useEffect(() => void work.run(load), []);
  const add = (name: string, scope: TokenScope, days: number): Promise<boolean> => work.run(async () => {
    setMade(await access.addToken(name, scope, days));
    await load();
  });
  const remove = (token: ApiToken): Promise<boolean> => work.run(async () => {
    await access.removeToken(token.id);
    setMade((shown) => (shown?.id === token.id ? null : shown));
    await load();
  }, `The token ${token.name} is worth nothing any more.`);

  return (
    <section class="panel" aria-labelledby="tokens-title">
      <div class="panel-head"><h2 id="tokens-title">Tokens for programs</h2></div>
      <p>Sent as <code>Authorization: Bearer pmt_…</code> by scripts, Prometheus and other programs, in place of somebody's password.</p>
      {tokens === null ? <p role="status">The tokens are being read.</p> : tokens.length === 0 ? <p>There is no token.</p> : (
        <table class="stacked">
          <caption class="visually-hidden">Tokens. Times in {clock.zoneName}.</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Made by</th><th scope="col">Last used <span class="zone">{clock.zoneName}</span></th><th scope="col">Ends <span class="zone">{clock.zoneName}</span></th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
          <tbody>
            {tokens.map((token) => (
              <tr key={token.id} data-token={token.id}>
                <th scope="row">{token.name}</th>
                <td data-label="May">{token.scopes.map((scope) => scopeWords[scope]).join('; ')}</td>
                <td data-label="Made by">{token.createdBy}</td>
                <td class="when" data-label="Last used">{token.lastUsedAt === null ? 'never' : moment(token.lastUsedAt)}</td>
                <td class="when" data-label="Ends">{token.expiresAt * 1000 < Date.now() ? 'ended ' : ''}{moment(token.expiresAt)}</td>
                <td><div class="actions"><button type="button" aria-label={`Take the token ${token.name} away`} onClick={() => void remove(token)}>Take away</button></div></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Said work={work} />
      {made === null ? null : (
        <div class="new-token" role="status">
          <b>The token {made.name}</b>
          <code>{made.token}</code>
          <span>Copy it now. It is not kept, and is not shown again.</span>
          <div class="actions"><button type="button" onClick={() => void navigator.clipboard?.writeText(made.token)}>Copy</button><button type="button" onClick={() => setMade(null)}>I have it</button></div>
        </div>
      )}
      <AddToken onAdd={add} />
    </section>
  );
}

function AddToken({ onAdd }: { readonly onAdd: (name: string, scope: TokenScope, days: number) => Promise<boolean> }): JSX.Element {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('read');
  const [days, setDays] = useState(90);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await onAdd(name.trim(), scope, days)) {
      setName('');
    }
  };
  return (
    <form class="access-form row-form" aria-label="New token" onSubmit={(event) => void submit(event)}>
      <label>What for<input name="token-name" required maxLength={48} placeholder="prometheus" autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
      <label>May<select name="token-scope" value={scope} onChange={(event) => setScope(event.currentTarget.value as TokenScope)}>{(Object.keys(scopeWords) as TokenScope[]).map((key) => <option key={key} value={key}>{scopeWords[key]}</option>)}</select></label>
      <label>Ends after<select name="token-days" value={String(days)} onChange={(event) => setDays(Number(event.currentTarget.value))}>{lives.map(([count, words]) => <option key={count} value={String(count)}>{words}</option>)}</select></label>
      <button type="submit" class="primary">Make token</button>
    </form>
  );
}
