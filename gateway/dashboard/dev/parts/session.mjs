// Who is signed in at the stand-in. With `--closed` one has to sign in first: any name, password `correct horse battery`; the
// name says the role (`vera` a viewer, `olga` an operator, anybody else an administrator). `--setup` has no account yet.
const closed = process.argv.includes('--closed') || process.argv.includes('--setup');
let needsSetup = process.argv.includes('--setup');
let person = null;

const roleOf = (name) => ({ vera: 'viewer', olga: 'operator' })[name] ?? 'admin';
const session = () => (closed
  ? { person, role: person === null ? null : roleOf(person), open: false, needsSetup, csrf: person === null ? null : 'csrf-of-the-stand-in' }
  : { person: null, role: 'admin', open: true, needsSetup: false, csrf: null });

export async function answer({ method, path, body }) {
  if (path[0] === 'session' && method === 'GET') return [200, session()];
  if (path[0] === 'session' && method === 'POST') {
    if (body?.password !== 'correct horse battery') return [401, { error: 'The name or the password is not right.' }];
    person = body.user;
    return [200, session()];
  }
  if (path[0] === 'session' && method === 'DELETE') {
    person = null;
    return [200, session()];
  }
  if (path[0] === 'setup' && method === 'POST') {
    if (!needsSetup || body?.token !== 'letmein') return [403, { error: 'This link is not valid any more. Start the gateway again for a new one.' }];
    needsSetup = false;
    person = body.user;
    return [200, session()];
  }
  return undefined;
}
