// When the screen has to call for somebody who is not looking at it. Pure: what is known and the time go in; sounds and
// notifications come out.
import type { Alarm, Priority } from '../api/types';
import { alarmKey, ownerWords, ruleWords } from './alarms';
import { asksForSomebody } from './cases';
import { againstLimit } from './format';
import { priorityOf, priorityRank, priorityWords } from './priorities';

export type Sound = Priority | 'lost' | 'back';

/** A browser notification; one with the same tag takes the place of the one before. */
export interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** Stays until somebody acts. */
  readonly stays: boolean;
  /** The alarm to open; null for the connection. */
  readonly alarm: Alarm | null;
}

export interface AlertInput {
  /** Unix seconds. */
  readonly now: number;
  readonly alarms: Iterable<Alarm>;
  /** False until the list of alarms has been read. */
  readonly known: boolean;
  /** Seconds since anything was heard of the gateway; null before the first word. */
  readonly silentSeconds: number | null;
  /** Lesser ones make neither sound nor notification. */
  readonly from: Priority;
  readonly mute: Mute | null;
}

export interface Mute {
  readonly until: number;
  /** The emergencies that sounded when it was muted; any other sounds all the same. */
  readonly of: ReadonlySet<string>;
}

export interface AlertMemory {
  /** Rank each alarm was last told with; null until the first list, which is not news. */
  readonly told: ReadonlyMap<string, number> | null;
  /** Rank of the last notification by tag. */
  readonly notified: ReadonlyMap<string, number>;
  /** Raisings whose notification waits, since another has just been shown. */
  readonly waiting: ReadonlySet<string>;
  readonly noticedAt: number;
  readonly soundedAt: number;
  readonly emergencyAt: number;
  /** When the lost connection was last sounded; null while there is one. */
  readonly lostAt: number | null;
}

export interface AlertStep {
  readonly memory: AlertMemory;
  readonly sounds: readonly Sound[];
  readonly notices: readonly Notice[];
  /** Tags whose notification is no longer true. */
  readonly withdrawn: readonly string[];
  /** Emergencies that nobody has acknowledged. */
  readonly emergencies: readonly Alarm[];
  readonly lost: boolean;
}

export const freshMemory: AlertMemory = { told: null, notified: new Map(), waiting: new Set(), noticedAt: -Infinity, soundedAt: -Infinity, emergencyAt: -Infinity, lostAt: null };

/** An emergency sounds again after so many seconds until it is acknowledged or muted. */
export const repeatSeconds = 3;

/** So long after the last word the connection counts as lost for the ear; the gateway speaks at least every 5 s. */
export const lostSeconds = 15;

const lostAgainSeconds = 30;

/**
 * Lesser sounds keep this distance, so that a flood is not a noise; lesser notifications likewise, since the alarms of a flood come
 * one by one and belong to one incident only once several benches are in it.
 */
export const quietSeconds = 2;

/** More new incidents at once make one notification. */
const noticesMax = 3;

export const lostTag = 'connection';
const manyTag = 'several';

/** One raising of one alarm. */
export const raisingOf = (alarm: Alarm): string => `${alarmKey(alarm)} ${alarm.raisedAt}`;

const tagOf = (alarm: Alarm): string => alarm.incident ?? alarm.id;

export function step(memory: AlertMemory, input: AlertInput): AlertStep {
  const { now } = input;
  const asking = [...input.alarms].filter((alarm) => asksForSomebody(alarm) && priorityRank[priorityOf(alarm)] >= priorityRank[input.from]);
  const told = new Map(asking.map((alarm) => [raisingOf(alarm), priorityRank[priorityOf(alarm)]]));
  const news = memory.told === null ? [] : asking.filter((alarm) => priorityRank[priorityOf(alarm)] > (memory.told?.get(raisingOf(alarm)) ?? 0));
  const emergencies = asking.filter((alarm) => priorityOf(alarm) === 'emergency');
  const muted = input.mute !== null && now < input.mute.until;
  const loud = emergencies.filter((alarm) => !muted || !input.mute?.of.has(raisingOf(alarm)));
  const sounds: Sound[] = [];
  let { soundedAt, emergencyAt, lostAt } = memory;

  if (loud.length > 0) {
    if (now - emergencyAt >= repeatSeconds || now < emergencyAt) {
      sounds.push('emergency');
      emergencyAt = now;
    }
  } else {
    const worst = worstOf(news.filter((alarm) => priorityOf(alarm) !== 'emergency'));
    if (worst && !muted && (now - soundedAt >= quietSeconds || now < soundedAt)) {
      sounds.push(priorityOf(worst));
      soundedAt = now;
    }
  }

  const isNew = new Set(news);
  const called = noticesOf(asking.filter((alarm) => isNew.has(alarm) || memory.waiting.has(raisingOf(alarm))), asking, memory, now);
  const notices = [...called.notices];
  const lost = input.silentSeconds !== null && input.silentSeconds >= lostSeconds;
  if (lost && lostAt === null) {
    sounds.push('lost');
    lostAt = now;
    notices.push({ tag: lostTag, title: 'Connection to the gateway lost', body: `Nothing heard for ${Math.round(input.silentSeconds ?? 0)} s. Alarms do not arrive here until it is back.`, stays: true, alarm: null });
  } else if (lost && lostAt !== null && now - lostAt >= lostAgainSeconds && !muted) {
    sounds.push('lost');
    lostAt = now;
  } else if (!lost && lostAt !== null) {
    sounds.push('back');
    lostAt = null;
  }

  const notified = notifiedOf(memory.notified, asking.filter((alarm) => !called.waiting.has(raisingOf(alarm))), notices);
  const open = new Set(asking.map(tagOf));
  const withdrawn = [...memory.notified.keys()].filter((tag) => (tag === lostTag ? !lost : tag === manyTag ? open.size === 0 : !open.has(tag)));
  return {
    memory: {
      told: input.known ? told : memory.told, notified: without(notified, withdrawn), waiting: called.waiting,
      noticedAt: called.notices.length > 0 ? now : memory.noticedAt, soundedAt, emergencyAt, lostAt,
    },
    sounds, notices, withdrawn, emergencies, lost,
  };
}

const worstOf = (alarms: readonly Alarm[]): Alarm | undefined =>
  [...alarms].sort((a, b) => priorityRank[priorityOf(b)] - priorityRank[priorityOf(a)] || a.raisedAt - b.raisedAt)[0];

const without = (tags: ReadonlyMap<string, number>, gone: readonly string[]): ReadonlyMap<string, number> =>
  gone.length === 0 ? tags : new Map([...tags].filter(([tag]) => !gone.includes(tag)));

/** One for each incident that is new or has become worse; many at once become one, and lesser ones keep their distance. */
function noticesOf(fresh: readonly Alarm[], asking: readonly Alarm[], memory: AlertMemory, now: number): { notices: readonly Notice[]; waiting: ReadonlySet<string> } {
  const groups = new Map<string, Alarm[]>();
  for (const alarm of fresh) {
    const group = groups.get(tagOf(alarm));
    if (group) {
      group.push(alarm);
    } else {
      groups.set(tagOf(alarm), [alarm]);
    }
  }
  const due = [...groups].flatMap(([tag, alarms]) => {
    const worst = worstOf(alarms);
    return worst && priorityRank[priorityOf(worst)] > (memory.notified.get(tag) ?? 0) ? [{ tag, worst, alarms }] : [];
  });
  const isQuiet = now >= memory.noticedAt && now - memory.noticedAt < quietSeconds;
  const waits = ({ worst }: { readonly worst: Alarm }): boolean => isQuiet && priorityOf(worst) !== 'emergency';
  const [held, ready] = [due.filter(waits), due.filter((one) => !waits(one))];
  const waiting = new Set(held.flatMap(({ alarms }) => alarms.map(raisingOf)));
  const gravest = worstOf(ready.map((one) => one.worst));
  if (ready.length > noticesMax && gravest) {
    return { notices: [{ ...noticeOf(manyTag, gravest, 1), title: `${ready.length} new incidents. ${titleOf(gravest)}` }], waiting };
  }
  const total = (tag: string): number => asking.filter((alarm) => tagOf(alarm) === tag).length;
  return { notices: ready.map(({ tag, worst }) => noticeOf(tag, worst, total(tag))), waiting };
}

const titleOf = (alarm: Alarm): string => `${priorityWords[priorityOf(alarm)]}: ${ownerWords(alarm.cell)}, ${ruleWords(alarm.rule)}`;

function noticeOf(tag: string, alarm: Alarm, count: number): Notice {
  const lines = [againstLimit(alarm.observed, alarm.limit, alarm.unit, alarm.measure) || alarm.message, count > 1 ? `${count} alarms not acknowledged` : '', alarm.action ?? ''];
  return { tag, title: titleOf(alarm), body: lines.filter((line) => line !== '').join('\n'), stays: priorityRank[priorityOf(alarm)] >= priorityRank.high, alarm };
}

function notifiedOf(before: ReadonlyMap<string, number>, asking: readonly Alarm[], notices: readonly Notice[]): ReadonlyMap<string, number> {
  const after = new Map(before);
  for (const alarm of asking) {
    after.set(tagOf(alarm), Math.max(after.get(tagOf(alarm)) ?? 0, priorityRank[priorityOf(alarm)]));
  }
  for (const notice of notices) {
    after.set(notice.tag, Math.max(after.get(notice.tag) ?? 0, 1));
  }
  return after;
}
