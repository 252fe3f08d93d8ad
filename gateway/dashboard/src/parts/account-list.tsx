// The accounts: role, password, taking away, and making new ones.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { access } from '../api/access';
import type { Account } from '../api/access-types';
import type { Role } from '../api/types';
import { clock } from '../state/clock';
import { roleWords } from './account';
import { useWork, Said } from './work';

const roles: readonly Role[] = ['viewer', 'operator', 'admin'];
const roleHints: Readonly<Record<Role, string>> = { viewer: 'looks', operator: 'also acknowledges alarms and sets up tests', admin: 'everything' };

export function AccountList({ person }: { readonly person: string | null }): JSX.Element {
  const [accounts, setAccounts] = useState<readonly Account[] | null>(null);
  const [editing, setEditing] = useState<{ readonly user: string; readonly what: 'password' | 'remove' } | null>(null);
  const work = useWork();
  const load = async (): Promise<void> => setAccounts(await access.accounts());
  useEffect(() => void work.run(load), []);
  const act = (what: () => Promise<unknown>, done: string): Promise<boolean> => work.run(async () => {
    await what();
    setEditing(null);
    await load();
  }, done);

  return (
    <section class="panel" aria-labelledby="accounts-title">
      <div class="panel-head"><h2 id="accounts-title">People</h2></div>
      {accounts === null ? <p role="status">The accounts are being read.</p> : (
        <table class="stacked">
          <caption class="visually-hidden">Accounts with their roles. Times in {clock.zoneName}.</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Signed in</th><th scope="col">Changed <span class="zone">{clock.zoneName}</span></th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.user} data-account={account.user}>
                <th scope="row">{account.user}{account.user === person ? <span class="hint"> you</span> : null}</th>
                <td>
                  <select aria-label={`Role of ${account.user}`} value={account.role} onChange={(event) => {
                    const select = event.currentTarget;
                    const role = select.value as Role;
                    void act(() => access.setRole(account.user, role), `${account.user} is ${roleWords[role]} now and has to sign in again.`).then((ok) => {
                      if (!ok) {
                        select.value = account.role;
                      }
                    });
                  }}>
                    {roles.map((role) => <option key={role} value={role}>{roleWords[role]}</option>)}
                  </select>
                </td>
                <td data-label="Signed in">{account.sessions === 0 ? 'nowhere' : account.sessions === 1 ? 'in 1 browser' : `in ${account.sessions} browsers`}</td>
                <td class="when" data-label="Changed">{account.changedAt === null ? 'not known' : `${clock.day(account.changedAt)} ${clock.timeOfDay(account.changedAt)}`}</td>
                <td>
                  {editing?.user === account.user && editing.what === 'password'
                    ? <NewPassword user={account.user} onCancel={() => setEditing(null)} onSet={(password) => void act(() => access.setPassword(account.user, password), `${account.user} has a new password.`)} />
                    : editing?.user === account.user
                      ? <div class="actions"><span>Take {account.user} away?</span><button type="button" class="primary" onClick={() => void act(() => access.removeAccount(account.user), `${account.user} is taken away and signed out.`)}>Take away</button><button type="button" onClick={() => setEditing(null)}>Keep</button></div>
                      : <div class="actions"><button type="button" aria-label={`New password for ${account.user}`} onClick={() => setEditing({ user: account.user, what: 'password' })}>New password</button><button type="button" aria-label={`Take ${account.user} away`} onClick={() => setEditing({ user: account.user, what: 'remove' })}>Take away</button></div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Said work={work} />
      <NewAccount onAdd={(user, password, role) => act(() => access.addAccount(user, password, role), `${user} has an account now.`)} />
    </section>
  );
}

function NewPassword({ user, onSet, onCancel }: { readonly user: string; readonly onSet: (password: string) => void; readonly onCancel: () => void }): JSX.Element {
  const [password, setPassword] = useState('');
  return (
    <form class="access-form actions" onSubmit={(event) => { event.preventDefault(); onSet(password); }}>
      <input type="password" aria-label={`New password for ${user}`} placeholder="10 characters or more" required minLength={10} maxLength={200} autocomplete="new-password" autoFocus value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      <button type="submit" class="primary">Set</button>
      <button type="button" onClick={onCancel}>Cancel</button>
    </form>
  );
}

function NewAccount({ onAdd }: { readonly onAdd: (user: string, password: string, role: Role) => Promise<boolean> }): JSX.Element {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await onAdd(user.trim(), password, role)) {
      setUser('');
      setPassword('');
    }
  };
  return (
    <form class="access-form row-form" aria-label="New account" onSubmit={(event) => void submit(event)}>
      <label>Name<input name="new-user" required maxLength={64} pattern="[A-Za-z0-9._\-]+" title="Letters, digits, dot, underscore and hyphen" autocomplete="off" autocapitalize="none" spellcheck={false} value={user} onInput={(event) => setUser(event.currentTarget.value)} /></label>
      <label>Password<input name="new-password" type="password" required minLength={10} maxLength={200} placeholder="10 characters or more" autocomplete="new-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></label>
      <label>Role<select name="new-role" value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>{roles.map((name) => <option key={name} value={name}>{roleWords[name]}: {roleHints[name]}</option>)}</select></label>
      <button type="submit" class="primary">Add account</button>
    </form>
  );
}
