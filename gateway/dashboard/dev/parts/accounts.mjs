// Accounts, tokens and the audit trail of the stand-in.
const day = 86_400;
const now = () => Date.now() / 1000;
const accounts = new Map([
  ['ada', { user: 'ada', role: 'admin', changedAt: now() - 40 * day, sessions: 1 }],
  ['olga', { user: 'olga', role: 'operator', changedAt: now() - 12 * day, sessions: 2 }],
  ['vera', { user: 'vera', role: 'viewer', changedAt: null, sessions: 0 }],
]);
let tokens = [
  { id: '1f2e', name: 'prometheus', scopes: ['metrics'], createdBy: 'ada', createdAt: now() - 30 * day, expiresAt: now() + 335 * day, lastUsedAt: now() - 12 },
  { id: '9c0d', name: 'nightly report', scopes: ['read'], createdBy: 'cli', createdAt: now() - 80 * day, expiresAt: now() + 10 * day, lastUsedAt: null },
];
const actions = [['session.begin', 'ada', 'from 127.0.0.1'], ['alarm.acknowledge', 'dne-pouch-1/thermal-limit', 'fan was off'], ['token.add', 'prometheus', '1f2e: metrics'],
  ['session.refuse', '(unknown name)', 'wrong name or password, from 192.0.2.7'], ['account.role', 'olga', 'operator'], ['assignment.set', 'bench-a/3', null]];
const lines = Array.from({ length: 130 }, (_, index) => {
  const [action, target, detail] = actions[index % actions.length];
  return { id: 130 - index, at: now() - index * 1733, person: action === 'session.refuse' ? '(unknown name)' : 'ada', action, target, detail };
});

export async function answer({ method, path, url, body }) {
  const [what, name] = path;
  if (what === 'accounts' && method === 'GET') return [200, [...accounts.values()]];
  if (what === 'accounts' && method === 'POST') {
    if (accounts.has(body.user)) return [409, { error: `There is an account '${body.user}' already.` }];
    accounts.set(body.user, { user: body.user, role: body.role, changedAt: now(), sessions: 0 });
    return [201, accounts.get(body.user)];
  }
  if (what === 'accounts') {
    const account = accounts.get(name);
    if (!account) return [404, { error: `There is no account '${name}'.` }];
    const isLast = account.role === 'admin' && [...accounts.values()].filter((other) => other.role === 'admin').length === 1;
    if (isLast && (method === 'DELETE' || (body?.role && body.role !== 'admin'))) return [409, { error: `'${name}' is the last administrator; make another one first.` }];
    if (method === 'DELETE') accounts.delete(name);
    else Object.assign(account, { role: body.role ?? account.role, changedAt: now(), sessions: 0 });
    return [200, account];
  }
  if (what === 'tokens' && method === 'GET') return [200, tokens];
  if (what === 'tokens' && method === 'POST') {
    const made = { id: String(tokens.length), name: body.name, scopes: body.scopes, createdBy: 'ada', createdAt: now(), expiresAt: body.expires, lastUsedAt: null };
    tokens = [...tokens, made];
    return [201, { ...made, token: `pmt_${'0123456789abcdef'.repeat(4)}` }];
  }
  if (what === 'tokens' && method === 'DELETE') {
    tokens = tokens.filter((token) => token.id !== name);
    return [200, null];
  }
  if (what === 'audit') {
    const before = Number(url.searchParams.get('before') ?? Infinity);
    return [200, lines.filter((line) => line.id < before).slice(0, Number(url.searchParams.get('limit') ?? 100))];
  }
  return undefined;
}
