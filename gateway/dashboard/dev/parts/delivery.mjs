// Delivery of the made-up bench: two people, a failing route, a log with every state. Saving and testing work until it ends.
const now = Date.now() / 1000;
const route = (name, change) => ({ name, was: null, kind: 'webhook', template: 'json', host: null, url: null, secret: null, token: null, address: null, topic: null, room: null, body: null, ...change });
const empty = process.argv.includes('--empty');

let settings = {
  version: empty ? 0 : 4,
  people: empty ? [] : [
    {
      name: 'Ada Lovelace', leastPriority: 'medium', fromEscalation: 0, benches: null,
      quietHours: { from: '22:00', to: '07:00', zone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
      routes: [
        route('phone', { was: 'Ada Lovelace/phone', template: 'ntfy', host: 'https://ntfy.sh', url: 'set', secret: 'unset', token: 'unset', topic: 'lab-7f3a9c' }),
        route('mail', { was: 'Ada Lovelace/mail', kind: 'mail', template: null, address: 'ada@lab.example' }),
      ],
    },
    { name: 'Lab channel', leastPriority: 'high', fromEscalation: 1, quietHours: null, benches: ['bench-1', 'bench-2'], routes: [route('chat', { was: 'Lab channel/chat', template: 'mattermost', host: 'https://chat.lab.example', url: 'set', secret: 'unset', token: 'unset' })] },
  ],
  smtp: empty ? null : { host: 'mail.lab.example', port: 587, security: 'starttls', user: 'alarm', from: 'alarm@lab.example', password: 'set' },
  heartbeat: empty ? null : { everySeconds: 60, tellFailure: true, host: 'https://hc-ping.com', url: 'set' },
  link: empty ? null : 'https://lab.example/', alarmAfterMinutes: 15, mostPerTenMinutes: 10,
};

const kinds = ['raised', 'worse', 'escalated', 'acknowledged', 'returned'];
const states = ['sent', 'held', 'sent', 'skipped', 'pending', 'gaveUp', 'sent', 'failed'];
const routes = ['Ada Lovelace/phone', 'Ada Lovelace/mail', 'Lab channel/chat'];
const log = empty ? [] : Array.from({ length: 130 }, (_, index) => {
  const state = states[index % states.length];
  return {
    id: 130 - index, at: now - index * 431, notice: `i-${130 - index}/1`, incident: `i-${130 - index}`, kind: kinds[index % 5],
    priority: ['medium', 'high', 'emergency', 'low'][index % 4],
    title: index % 8 === 0 ? 'EMERGENCY: bench-3: thermal-runaway of li-metal-07 (14 alarms, 3 cells)' : `HIGH: bench-${1 + (index % 3)}: voltage-limit of pouch-${index}`,
    route: routes[index % 3], state, attempts: state === 'skipped' || state === 'held' ? 0 : 1 + (index % 3), triedAt: null,
    sentAt: state === 'sent' ? now - index * 431 + (index % 3) * 7 : null, nextAt: state === 'held' ? now + 3600 : null,
    error: state === 'failed' ? 'answered 400 invalid_payload' : state === 'pending' || state === 'gaveUp' ? 'Connection refused' : null,
    reason: state === 'held' ? 'quiet hours' : state === 'skipped' ? 'below the least priority, high' : state === 'gaveUp' ? 'not delivered within 24 h' : index % 7 === 2 ? 'in a digest of 12' : null,
    mayBeRepeat: index % 6 === 4,
  };
});

const withKeys = (wanted) => ({
  ...wanted,
  people: wanted.people.map((person) => ({
    ...person,
    routes: person.routes.map((one) => ({
      ...one, was: `${person.name}/${one.name}`,
      host: one.kind === 'mail' ? null : one.url && one.url !== 'set' ? new URL(one.url).origin : one.host,
      url: one.kind === 'mail' ? null : 'set',
    })),
  })),
});

export async function answer({ method, path, url, body }) {
  if (path[0] !== 'delivery') return undefined;
  if (path[1] === 'settings' && method === 'GET') return [200, settings];
  if (path[1] === 'settings' && method === 'PUT') {
    if (body.version !== settings.version) return [409, { error: `version = ${body.version} is not the present one, ${settings.version}: somebody has changed the settings meanwhile. Look at them again.` }];
    const { by: _, ...wanted } = body;
    settings = { ...withKeys(wanted), version: settings.version + 1 };
    return [200, settings];
  }
  if (path[1] === 'test') {
    await new Promise((done) => setTimeout(done, 600));
    const isBad = body.route.startsWith('Lab');
    return [200, { route: body.route, state: isBad ? 'failed' : 'sent', error: isBad ? 'Connection refused' : null, seconds: 0.6 }];
  }
  if (path[1] === 'state') {
    const time = Date.now() / 1000;
    return [200, {
      problem: null,
      routes: settings.people.flatMap((person) => person.routes.map((one) => ({
        route: `${person.name}/${one.name}`, waiting: person.name.startsWith('Lab') ? 3 : 0, held: one.name === 'phone' ? 2 : 0, oldestAt: null,
        failingSince: person.name.startsWith('Lab') ? now - 1250 : null, lastSentAt: person.name.startsWith('Lab') ? null : time - 340, error: person.name.startsWith('Lab') ? 'Connection refused' : null,
      }))),
      heartbeat: settings.heartbeat ? { host: settings.heartbeat.host, everySeconds: settings.heartbeat.everySeconds, lastSuccessAt: time - (time % 60), error: null, problem: null } : null,
    }];
  }
  if (path[1] === 'log') {
    const before = Number(url.searchParams.get('before') ?? Infinity);
    const fits = log.filter((line) => line.id < before && (!url.searchParams.get('state') || line.state === url.searchParams.get('state')) && (!url.searchParams.get('route') || line.route === url.searchParams.get('route')));
    return [200, fits.slice(0, Number(url.searchParams.get('limit') ?? 100))];
  }
  return undefined;
}
