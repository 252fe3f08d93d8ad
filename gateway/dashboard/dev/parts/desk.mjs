// DEVELOPMENT AID: incidents, shelf, history and statistics of the made-up bench, in the shapes of the gateway.
//   npm run mock -- --channels 500 --burst 500     a flood of that many alarms in one incident, after 10 s
const now = () => Date.now() / 1000;
const priorities = { advisory: 'low', warning: 'medium', critical: 'high', emergency: 'emergency' };
const rank = { low: 1, medium: 2, high: 3, emergency: 4 };
const actions = {
  'thermal-limit': 'Stop the test, leave the cell where it is, and look at it from outside the chamber before anything else.',
  'thermal-runaway': 'Keep away. Clear the room, call the fire brigade, then stop the bench from the panel outside.',
  'voltage-limit': 'Open the relay and measure the cell’s voltage at its tabs.',
  silence: 'See whether the node has power and network; the cell is not watched until it is back.',
  'sensor-fault': 'Check the connector of the sensor; judge temperature by the other sensor until then.',
  'capacity-fade': 'Compare with its cohort; end the test if the project’s end of life is reached.',
};
const incidents = new Map();
const history = [];
let bench;

const note = (alarm, from, reason, by = null, text = null) =>
  history.unshift({ id: history.length + 1, at: now(), cell: alarm.cell, test: alarm.test, rule: alarm.rule, from, to: alarm.state, by, note: text, reason });

const asks = (alarm) => ['unacknowledged', 'returnedUnacknowledged'].includes(alarm.state) && !alarm.shelf;

function incidentOf(id) {
  const alarms = [...bench.alarms.values()].filter((alarm) => alarm.incident === id);
  const first = alarms.reduce((a, b) => (b.onset < a.onset ? b : a));
  const open = alarms.filter((alarm) => alarm.state !== 'normal');
  return {
    incident: id, state: open.length > 0 ? 'open' : 'closed', priority: alarms.map((alarm) => alarm.priority).sort((a, b) => rank[b] - rank[a])[0],
    openedAt: incidents.get(id).openedAt, closedAt: null, bench: benchOf(first.cell), benches: [...new Set(alarms.map((alarm) => benchOf(alarm.cell)))],
    cells: new Set(alarms.map((alarm) => alarm.cell)).size, alarmCount: alarms.length, unacknowledged: alarms.filter(asks).length, firstOut: first, alarms: alarms.slice(0, 20),
    escalation: alarms.some((alarm) => alarm.escalation) ? 1 : 0, acknowledgedBy: [...new Set(alarms.map((alarm) => alarm.acknowledgedBy).filter(Boolean))],
  };
}

const benchOf = (cell) => bench.cells.find((one) => one.cell === cell)?.node ?? '_gateway';
const send = (body, event) => { for (const listener of bench.listeners) listener(body, event); };

function complete(alarm) {
  alarm.priority = priorities[alarm.severity];
  alarm.action ??= actions[alarm.rule] ?? null;
  alarm.shelf ??= null;
  alarm.suppressedBecause ??= null;
  alarm.escalation ??= 0;
  alarm.incident ??= `${alarm.cell === '_gateway' ? 'gateway' : alarm.cell}-${Math.round(alarm.raisedAt)}`.replace(/-\d+$/, '-1');
  if (!incidents.has(alarm.incident)) incidents.set(alarm.incident, { openedAt: alarm.raisedAt });
  if (alarm.state === 'unacknowledged' && alarm.revision === 0) note(alarm, 'normal', 'raised');
}

export function begin(of) {
  bench = of;
  for (const alarm of bench.alarms.values()) complete(alarm);
  const put = (i, rule, change) => {
    const alarm = bench.alarms.get(`${bench.cells[i]?.cell}/${rule}`);
    if (alarm) Object.assign(alarm, change);
  };
  put(2, 'sensor-fault', { shelf: { since: now() - 300, until: now() + 3000, by: 'R. Okafor', reason: 'thermistor ordered, infrared watches' } });
  put(4, 'silence', { escalation: 1 });
  if (bench.cells[7] && bench.alarms.size > 0) complete(bench.raise(bench.cells[7].cell, 'silence', 'warning', 4000, 60, 's', 'No sample for 4000 s; the limit is 60 s.', { suppressedBecause: 'The test of the cell has ended.' }));
  bench.onTell = (alarm) => {
    complete(alarm);
    queueMicrotask(() => send(incidentOf(alarm.incident), 'incident'));
  };
  const at = process.argv.indexOf('--burst');
  if (at > 0) {
    setTimeout(() => {
      const incident = 'lab-flood';
      for (const cell of bench.cells.slice(0, Number(process.argv[at + 1]))) bench.raise(cell.cell, 'silence', 'warning', 61, 60, 's', 'No sample for 61 s; the limit is 60 s.', { incident });
    }, 10_000).unref();
  }
}

function changed(alarm, change, reason, by, text) {
  const next = { ...alarm, ...change, revision: alarm.revision };
  bench.alarms.set(next.id, next);
  note(next, alarm.state, reason, by, text);
  bench.tell(next);
  return [200, next];
}

const acknowledge = (alarm, by, text) =>
  changed(alarm, { state: alarm.clearedAt === null ? 'acknowledged' : 'normal', acknowledgedAt: now(), acknowledgedBy: by, note: text }, `acknowledged by ${by}`, by, text);

export async function answer({ method, path, url, body }) {
  // For looking at the page: POST /api/v1/dev/raise/CELL/RULE/SEVERITY
  if (path[0] === 'dev') return [200, bench.raise(path[2], path[3], path[4], 61.2, 60, 'C', 'Surface at 61.2 °C; the limit is 60.0 °C.')];
  if (path[0] === 'incidents') return incidentAnswer(method, path, body);
  if (path[0] !== 'alarms') return undefined;
  if (path[1] === 'history') {
    const { cell, rule, before, limit } = Object.fromEntries(url.searchParams);
    return [200, history.filter((line) => (!cell || line.cell === cell) && (!rule || line.rule === rule) && (!before || line.id < Number(before))).slice(0, Number(limit ?? 100))];
  }
  if (path[1] === 'statistics') return [200, statistics(Number(url.searchParams.get('weeks') ?? 4))];
  const alarm = bench.alarms.get(`${path[1]}/${path[2]}`);
  if (!alarm) return [404, { error: `There is no alarm '${path[2]}' of cell '${path[1]}'.` }];
  switch (path[3]) {
    case 'shelve':
      return alarm.priority === 'emergency' && body.seconds > 900
        ? [400, { error: `An emergency can be shelved for 900 s at most; ${body.seconds} s were asked.` }]
        : changed(alarm, { shelf: { since: now(), until: now() + body.seconds, by: body.by, reason: body.reason } }, `shelved: ${body.reason}`, body.by, body.reason);
    case 'unshelve':
      return changed(alarm, { shelf: null }, 'taken from the shelf', body.by, null);
    case 'reset':
      return changed(alarm, { state: 'normal', clearedAt: now() }, 'reset', body.by, body.note);
    default:
      return undefined;
  }
}

function incidentAnswer(method, path, body) {
  if (method === 'GET' && !path[1]) return [200, [...incidents.keys()].map(incidentOf).filter((one) => one.state === 'open')];
  if (!incidents.has(path[1])) return [404, { error: `There is no incident '${path[1]}'.` }];
  if (method === 'POST') {
    for (const alarm of [...bench.alarms.values()].filter((one) => one.incident === path[1] && asks(one))) acknowledge(alarm, body.by, body.note);
  }
  return [200, incidentOf(path[1])];
}

function statistics(weeks) {
  const week = 7 * 86_400;
  const count = (rule, n) => ({ cell: bench.cells[n % Math.max(1, bench.cells.length)]?.cell ?? 'c1', rule, count: 40 - n * 9 });
  return {
    weeks: Array.from({ length: weeks }, (_, i) => ({ from: now() - (weeks - i) * week, to: now() - (weeks - i - 1) * week, counts: { low: 96 + i * 11, medium: 31 - i * 2, high: 4 + i * 5, emergency: i === 2 ? 1 : 0 } })),
    targets: { low: 134, medium: 25, high: 8, emergency: 0 }, mostFrequent: ['silence', 'sensor-fault', 'voltage-limit', 'thermal-limit'].map(count),
    standing: [{ cell: bench.cells[5]?.cell ?? 'c1', rule: 'capacity-fade', hours: 61.4 }], chattering: [count('bad-reading', 3)],
    peakPerTenMinutes: 17, meanSecondsToAcknowledge: 214.3, floods: 2,
  };
}
