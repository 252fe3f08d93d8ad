// DEVELOPMENT AID: abuse tests at the stand-in, kept in memory. A nail test runs away a few seconds after it is armed, on accelerated
// time. POST /api/v1/dev/abuse/ID/freeze|thaw|deaf|fire changes what the node does. `--abuse-pace N` plays all of it so many times as
// fast, `--abuse-fuse S` sets how long after arming the event begins by itself.
import { columns, image, outcomes, row, surfaceC, voltageV } from '../abuse-model.mjs';
import { plans, problemsOf } from '../abuse-plans.mjs';

const now = () => Date.now() / 1000;
const round = (value, digits = 3) => (value === null ? null : Number(value.toFixed(digits)));
const sessions = new Map();
let tellAll = () => {};
const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--abuse-${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
/** From armed to the event, s. */
const fuseSeconds = argument('fuse', 6);
/** Seconds of the event in one of the clock. */
const pace = argument('pace', 1);

const check = (id, text, isByPerson, state = 'open', detail = null) => ({ id, text, isByPerson, state, detail, person: null, at: null });
const blank = { leak: null, vent: null, smoke: null, flame: null, rupture: null, explosion: null, massBeforeG: null, massAfterG: null, hazardLevel: null, reason: null, person: null, at: null };

function begin(plan, cell, by) {
  const id = `${cell.cell}-${(sessions.size + 1).toString().padStart(3, '0')}`;
  const session = {
    id, cell: cell.cell, node: cell.node, channel: cell.channel, test: `${cell.cell}@1`, source: null, profile: 'dne-pouch', plan, state: 'preparing', createdAt: now(), createdBy: by, armedAt: null, armedBy: null,
    triggeredAt: null, exposureEndedAt: null, observingAt: null, endedAt: null, endedBy: null,
    checks: [check('sensors', 'Sensors are good, contact and infrared agree within 3 K, ambient is read', false), check('fast-rate', 'The node samples this channel at the fast rate', false),
      check('storage', 'There is room for the whole observation', false, 'good', '41.2 GB free, 21 MB needed'), check('clock', 'The node’s clock is known and within 1 s of the gateway’s', false, 'good', '0.03 s apart'),
      check('relay', 'The relay is ready to be armed', false, 'good', 'closed, not tripped'), check('people-clear', 'People are clear of the cell', true), ...plan.personChecks.map((text, i) => check(`person-${i + 1}`, text, true))],
    log: [{ at: now(), kind: 'begun', text: `Begun with plan ${plan.name}, version ${plan.version}.`, person: by }], observations: blank, deviations: [], attachments: [], calibrations: [], stop: null, signatures: [],
    files: [], outcome: outcomes[plan.kind] ?? 'mild', frozenAt: null, isDeaf: false, revision: 0, seen: '',
  };
  sessions.set(id, session);
  return session;
}

/** A row at a time of the clock, at the pace that was asked for. */
const reading = (outcome, t, trigger) => (trigger === null ? row(outcome, t, null) : [t, ...row(outcome, (t - trigger) * pace, 0).slice(1)]);

const end = (session) => session.frozenAt ?? session.endedAt ?? now();
const isWatched = (session) => ['armed', 'triggered', 'observing'].includes(session.state);

function figures(session) {
  const { plan, outcome } = session;
  const trigger = session.triggeredAt;
  const t = end(session);
  const s = trigger === null ? -1 : (t - trigger) * pace;
  const hot = Array.from({ length: 200 }, (_, i) => surfaceC(outcome, Math.min(s, (i * Math.max(s, 0)) / 199))).reduce((a, b) => Math.max(a, b), -Infinity);
  const isRunaway = outcome === 'runaway' && s > 8;
  const lost = 1 - voltageV(outcome, Math.max(0, s)) / 4.182;
  const judge = (rule) => {
    if (session.armedAt === null || rule.measure === 'observed') return { state: 'not-judged', observed: null, reason: rule.measure === 'observed' ? 'only a person sees it' : 'not armed yet' };
    const observed = rule.measure === 'temperature' ? hot : rule.measure === 'voltage-drop' ? Math.max(0, s < 0 ? 0 : lost) : isRunaway ? 93.4 : s > 5 && outcome === 'runaway' ? 4.2 : 0.02;
    const isMet = rule.measure === 'thermal-runaway' ? isRunaway : observed >= rule.limit;
    return { state: isMet ? 'met' : observed > rule.limit * 0.8 ? 'near' : 'not-met', observed: round(observed), reason: null, metAt: isMet && trigger !== null ? trigger + Math.min(s, rule.measure === 'voltage-drop' ? 4.4 : 8) / pace : null };
  };
  const observing = session.observingAt;
  const earliest = observing === null ? null : observing + plan.observation.leastS / pace;
  const waiting = [earliest !== null && t < earliest ? `${plan.observation.leastS} s of watching` : null, plan.observation.belowC !== null && reading(outcome, t, trigger)[3] > plan.observation.belowC ? `all sensors at or below ${plan.observation.belowC} °C` : null].filter((each) => each !== null);
  const [, v, a, surface, tab, infrared, ambient] = reading(outcome, t, trigger);
  const told = (sensor, column, value, unit) => ({ sensor, column, value: round(value), unit, state: value === null ? 'open' : 'good' });
  const value = (id, title, number, unit, uncertainty, at, sensor, definition) => ({ id, title, value: number, unit, uncertainty, at, sensor, definition, absence: number === null ? 'never reached' : null });
  return {
    trigger: trigger === null ? null : { source: session.byCommand ? 'command' : 'rule', at: trigger, uncertaintyS: 0.02, reason: session.byCommand ? 'A person pressed “Trigger now”.' : 'Voltage fell 0.104 V below the initial 4.182 V; the limit is 0.100 V.' },
    initialVoltageV: 4.182,
    values: session.armedAt === null ? [] : [
      value('initialVoltageV', 'Voltage before', 4.1823, 'V', 0.0021, null, 'Voltage', 'Median of the 5 s before the trigger.'),
      value('timeTo25PercentDropS', 'Voltage down by a quarter', trigger !== null && lost > 0.25 ? 4.36 : null, 's', 0.02, trigger === null ? null : trigger + 4.36, 'Voltage', 'First time the voltage lies 25 % below the initial, after the trigger.'),
      value('maximumSurfaceC', 'Highest, surface', round(hot, 1), 'C', 2.4, trigger === null ? null : trigger + Math.min(Math.max(s, 0), 11), 'Surface', 'Largest believed reading after the trigger.'),
      value('largestRate1s', 'Largest dT/dt over 1 s', isRunaway ? 198.2 : 2.1, 'C/s', 3.1, trigger === null ? null : trigger + 10, 'Surface', 'Largest rise over a window of 1 s.'),
      value('warningToRunawayS', 'First warning to runaway', isRunaway ? 5.12 : null, 's', 0.06, trigger === null ? null : trigger + 8, null, 'From the first alarm of the rules to the runaway criterion.'),
      value('imageSpreadK', 'Spread over the infrared image', 212.4, 'K', 8, null, 'Infrared image', 'Largest difference within one image after the trigger.')],
    criteria: plan.criteria.map((rule) => ({ id: rule.id, title: rule.title, limit: rule.limit, unit: rule.unit, isFailure: rule.isFailure, isRequired: rule.isRequired, source: rule.source, metAt: null, ...judge(rule) })),
    sensorLosses: outcome === 'runaway' && s > 9 ? [{ sensor: 'Tab', fault: 'open', at: trigger + 9, lastGood: round(row(outcome, 8.98, 0)[4], 1), unit: 'C', backAt: null }] : [],
    hazard: { level: isRunaway ? 5 : 2, reasons: isRunaway ? ['thermal runaway: 93.4 °C/s for more than 3 s'] : ['the voltage fell, no runaway'], onlyAPersonCanSay: 'Leak, vent, flame and mass loss can only be seen by a person.' },
    observation: { beganAt: observing, earliestEndAt: earliest, waiting, completeAt: observing !== null && waiting.length === 0 ? Math.max(earliest, observing) : null },
    readings: [told('Voltage', 'voltage', v, 'V'), told('Current', 'current', a, 'A'), told('Surface', 'surface', surface, 'C'), told('Tab', 'tab', tab, 'C'), told('Infrared', 'infrared', infrared, 'C'), told('Ambient', 'ambient', ambient, 'C')],
    deviations: session.frozenAt ? ['No sample for more than 2 s while it was watched.'] : [], firstAt: session.createdAt, lastAt: t, sampleCount: Math.floor((t - session.createdAt) * 50),
  };
}

function verdict(session) {
  if (!['ended', 'signed'].includes(session.state)) return { kind: 'none', title: 'No verdict yet', reason: 'The test has not ended; all figures are provisional.' };
  const failed = figures(session).criteria.filter((each) => each.isFailure && each.state === 'met').map((each) => each.title);
  return failed.length > 0
    ? { kind: 'failed', title: 'Not passed', reason: `A criterion that fails the test was met: ${failed.join('; ')}.` }
    : { kind: 'open', title: 'Undecided', reason: 'Not judged: fire or explosion (only a person can see it).' };
}

const view = ({ files, outcome, frozenAt, isDeaf, revision, seen, byCommand, logged, ...record }, whole = true) => ({ ...record, figures: figures(sessions.get(record.id)), verdict: verdict(sessions.get(record.id)), log: whole ? record.log : [] });

function tell(session) {
  session.revision += 1;
  const states = figures(session).criteria.filter((each) => each.isFailure).map((each) => each.state);
  const worst = ['met', 'near', 'not-met', 'not-judged'].find((state) => states.includes(state)) ?? 'not-judged';
  tellAll({ id: session.id, cell: session.cell, node: session.node, channel: session.channel, state: session.state, triggeredAt: session.triggeredAt, worst, revision: session.revision }, 'abuse');
}

function log(session, kind, text, person = null) {
  session.log = [...session.log, { at: now(), kind, text, person }];
}

function trigger(session, byCommand, person) {
  session.triggeredAt = now();
  session.byCommand = byCommand;
  session.state = session.plan.observation.start === 'trigger' ? 'observing' : 'triggered';
  session.observingAt = session.state === 'observing' ? session.triggeredAt : null;
  log(session, 'triggered', byCommand ? 'Triggered by command.' : 'Triggered by the plan’s rule: the voltage fell 0.104 V.', person);
}

/** What happens by itself. */
function step(session) {
  const age = now() - session.createdAt;
  if (session.state === 'preparing') {
    const good = (id, detail) => { session.checks = session.checks.map((each) => (each.id === id && each.state === 'open' ? { ...each, state: 'good', detail, at: now() } : each)); };
    if (age > 0.6) good('sensors', 'surface 25.2 °C, infrared 25.6 °C, ambient 24.6 °C');
    if (age > 1.2) good('fast-rate', '50.0 samples a second, confirmed by the node');
  }
  if (session.state === 'armed' && now() - session.armedAt > fuseSeconds) trigger(session, false, null);
  const key = session.state + figures(session).criteria.map((each) => each.state).join() + session.checks.map((each) => each.state).join() + figures(session).sensorLosses.length + (figures(session).observation.completeAt === null);
  if (isWatched(session) && session.seen !== '' && !session.logged?.has('met') && figures(session).criteria.some((each) => each.id === 'thermal-runaway' && each.state === 'met')) {
    session.logged = new Set(['met']);
    log(session, 'criterion', 'Criterion met: Thermal runaway by GB 38031, 93.4 °C/s held for 3 s.');
  }
  if (key !== session.seen) {
    session.seen = key;
    tell(session);
  }
}

export function start(bench) {
  tellAll = (body, event) => bench.listeners.forEach((listener) => listener(body, event));
  setInterval(() => sessions.forEach((session) => ['ended', 'signed', 'cancelled'].includes(session.state) || step(session)), 100).unref();
  const cell = bench.cells[0];
  if (cell && !process.argv.includes('--no-abuse')) {
    for (const [i, plan] of ['nail-gb', 'short-un38.3-t5'].entries()) {
      const old = begin(plans.get(plan)[0], bench.cells[i], 'R. Okafor');
      const at = now() - 86_400 * (i + 1);
      Object.assign(old, { createdAt: at, armedAt: at + 60, armedBy: 'R. Okafor', triggeredAt: at + 70, observingAt: at + 70, exposureEndedAt: i === 1 ? at + 90 : null, endedAt: at + 70 + 120, endedBy: 'R. Okafor', state: 'signed', observations: { ...blank, vent: true, flame: i === 0, hazardLevel: i === 0 ? 5 : 2, person: 'R. Okafor', at: at + 300 }, signatures: [{ person: 'R. Okafor', meaning: 'performed', at: at + 400, contentSha256: 'ab12'.repeat(16) }] });
      old.checks = old.checks.map((each) => ({ ...each, state: 'good', person: each.isByPerson ? 'R. Okafor' : null, at }));
    }
  }
}

export { start as begin };

function trace(session, after, points) {
  const last = end(session);
  const from = Math.max(after, session.createdAt - 20);
  const count = Math.max(0, Math.floor((last - from) * 50));
  const stride = Math.max(1, Math.ceil(count / points));
  const first = Math.floor(from * 50) + 1;
  const rows = [];
  for (let k = first; k / 50 <= last; k += stride) rows.push(reading(session.outcome, k / 50, session.triggeredAt));
  return { lastAt: Math.floor(last * 50) / 50, traces: columns.map(([id, title, unit], i) => ({ id, title, unit, timeS: rows.map((each) => each[0]), values: rows.map((each) => round(each[i + 1], 4)) })) };
}

export async function answer({ method, path, url, body, bytes, type, bench }) {
  if (path[0] === 'dev' && path[1] === 'abuse') {
    const session = sessions.get(path[2]);
    if (path[3] === 'deaf') session.isDeaf = true;
    else if (path[3] === 'fire') trigger(session, false, null);
    else session.frozenAt = path[3] === 'freeze' ? now() : null;
    return [200, {}];
  }
  if (path[0] !== 'abuse') return undefined;
  const query = url.searchParams;
  if (path[1] === 'plans') return answerPlan(method, path[2], query, body);
  if (path[1] === 'report') return [200, `<!doctype html><title>Side by side</title><h1>${(query.get('ids') ?? '').split(',').length} abuse tests side by side</h1>`, 'text/html'];
  if (!path[1] && method === 'GET') return [200, [...sessions.values()].reverse().slice(0, Number(query.get('limit') ?? 50)).map((session) => view(session, false))];
  if (!path[1]) {
    const cell = bench.cells.find((each) => each.node === body.node && each.channel === body.channel);
    const plan = plans.get(body.plan)?.at(-1);
    if (!cell || !plan) return [404, { error: `There is no ${cell ? `plan ${body.plan}` : `channel ${body.node}/${body.channel}`}.` }];
    return [201, view(begin(plan, cell, body.by ?? 'ada'))];
  }
  const session = sessions.get(path[1]);
  if (!session) return [404, { error: `There is no abuse test '${path[1]}'.` }];
  if (!path[2]) return [200, view(session)];
  if (path[2] === 'trace') return [200, trace(session, Number(query.get('after') ?? 0), Number(query.get('points') ?? 2000))];
  if (path[2] === 'images') {
    const { outcome, triggeredAt: trigger, endedAt } = session;
    const last = endedAt && trigger ? trigger + 11 / pace : end(session);
    const times = Array.from({ length: 8 }, (_, i) => last - (7 - i) * 0.25).filter((t) => t > Number(query.get('after') ?? 0));
    return [200, times.map((t) => ({ ...image(outcome, trigger === null ? t : (t - trigger) * pace, trigger === null ? null : 0), at: t }))];
  }
  if (path[2] === 'report') return [200, `<!doctype html><title>Report</title><h1>Report of ${session.id}</h1>`, 'text/html'];
  if (path[2] === 'archive') return [200, 'PK', 'application/zip'];
  if (path[2] === 'attachments' && method === 'GET') return [200, session.files[Number(path[3]) - 1].bytes, session.files[Number(path[3]) - 1].type];
  return act(session, path, query, body, bytes, type);
}

function answerPlan(method, name, query, body) {
  if (name === 'check') return [200, { problems: problemsOf(body) }];
  if (!name) return [200, [...plans.values()].map((versions) => versions.at(-1))];
  const versions = plans.get(name) ?? [];
  if (method === 'PUT') {
    const saved = { ...body, version: versions.length + 1 };
    plans.set(name, [...versions, saved]);
    return [200, saved];
  }
  const found = query.has('version') ? versions.find((each) => each.version === Number(query.get('version'))) : versions.at(-1);
  return found ? [200, found] : [404, { error: `There is no plan '${name}'.` }];
}

function act(session, path, query, body, bytes, type) {
  const by = body?.by ?? query.get('by') ?? 'ada';
  switch (path[2]) {
    case 'checks':
      session.checks = session.checks.map((each) => (each.id === path[3] ? { ...each, state: body.good ? 'good' : 'bad', detail: body.detail ?? null, person: by, at: now() } : each));
      log(session, 'check', `${session.checks.find((each) => each.id === path[3]).text}: ${body.good ? 'confirmed' : 'not so'}.`, by);
      break;
    case 'arm':
      if (session.checks.some((each) => each.state !== 'good')) return [409, { error: 'The list is not complete.' }];
      Object.assign(session, { state: 'armed', armedAt: now(), armedBy: by });
      log(session, 'armed', 'Armed; the node has confirmed 50 samples a second.', by);
      break;
    case 'trigger':
      trigger(session, true, by);
      break;
    case 'withdraw':
      Object.assign(session, { state: 'armed', armedAt: now(), triggeredAt: null, exposureEndedAt: null, observingAt: null, logged: new Set(), deviations: [...session.deviations, body.note] });
      log(session, 'withdrawal', `The event was taken back: ${body.note}`, by);
      break;
    case 'end-exposure':
      Object.assign(session, { exposureEndedAt: now(), observingAt: now(), state: 'observing' });
      log(session, 'exposure-ended', 'The exposure has ended.', by);
      break;
    case 'end':
      Object.assign(session, { state: 'ended', endedAt: now(), endedBy: by, deviations: body?.note ? [...session.deviations, body.note] : session.deviations });
      log(session, 'ended', `Ended.${body?.note ? ` ${body.note}` : ''}`, by);
      break;
    case 'cancel':
      Object.assign(session, { state: 'cancelled', endedAt: now(), endedBy: by });
      log(session, 'cancelled', 'Cancelled.', by);
      break;
    case 'stop':
      session.stop = { at: now(), person: by, state: 'sent', answeredAt: null, detail: null };
      log(session, 'stop', 'Emergency stop sent.', by);
      setTimeout(() => {
        session.stop = { ...session.stop, state: session.isDeaf ? 'unanswered' : 'confirmed', answeredAt: now(), detail: session.isDeaf ? 'the node has not answered for 5 s: cut the supply by hand' : 'the node has opened its relay' };
        log(session, 'stop', session.isDeaf ? 'Emergency stop not answered.' : 'Emergency stop confirmed by the node.');
        tell(session);
      }, session.isDeaf ? 3000 : 900).unref();
      break;
    case 'notes':
      if (body.isDeviation) session.deviations = [...session.deviations, body.text];
      log(session, body.isDeviation ? 'deviation' : 'note', body.text, by);
      break;
    case 'observations':
      session.observations = { ...body, person: by, at: now() };
      log(session, 'observations', 'What was seen is written down.', session.observations.person);
      break;
    case 'attachments':
      session.files.push({ bytes, type });
      session.attachments = [...session.attachments, { id: session.files.length, name: query.get('name'), mediaType: type, sizeBytes: bytes.length, sha256: '00'.repeat(32), text: query.get('text'), person: by, at: now() }];
      log(session, 'attachment', `${query.get('name')} added.`, by);
      break;
    case 'sign':
      session.state = 'signed';
      session.signatures = [...session.signatures, { person: by, meaning: body.meaning, at: now(), contentSha256: 'cd34'.repeat(16) }];
      log(session, 'signed', `Signed: ${body.meaning}.`, by);
      break;
    default:
      return [404, { error: `There is nothing at ${path.join('/')}.` }];
  }
  tell(session);
  return [200, view(session)];
}
