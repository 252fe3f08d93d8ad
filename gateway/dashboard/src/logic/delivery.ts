// What the delivery page says and checks, apart from how it looks. The gateway checks everything again.
import type { DeliveryLine, DeliveryPerson, DeliveryRoute, DeliverySettings, DeliveryState, QuietHours, Template } from '../api/delivery-types';

export const templateWords: Readonly<Record<Template, string>> = {
  json: 'JSON, signed', slack: 'Slack', teams: 'Microsoft Teams', mattermost: 'Mattermost', matrix: 'Matrix', ntfy: 'ntfy (phone)', custom: 'JSON of your own',
};

export const stateWords: Readonly<Record<DeliveryState, string>> = {
  pending: 'Waits', sending: 'Being sent', sent: 'Sent', failed: 'Refused', gaveUp: 'Given up', held: 'Held back', skipped: 'Not for this person',
};

export const dayWords: Readonly<Record<string, string>> = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };

export const newRoute = (name: string): DeliveryRoute => ({
  name, was: null, kind: 'webhook', template: 'ntfy', host: null, url: null, secret: null, token: null, address: null, topic: null, room: null, body: null,
});

export const newPerson = (name: string): DeliveryPerson => ({
  name, leastPriority: 'medium', fromEscalation: 0, quietHours: null, benches: null, routes: [newRoute('phone')],
});

export const newQuietHours = (zone: string): QuietHours => ({ from: '22:00', to: '07:00', zone, days: null });

export const routeKey = (person: DeliveryPerson, route: DeliveryRoute): string => `${person.name}/${route.name}`;

/** A name that is not taken: "phone", "phone 2", ... */
export function freeName(wanted: string, taken: readonly string[]): string {
  const lower = taken.map((name) => name.toLowerCase());
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!lower.includes(name.toLowerCase())) {
      return name;
    }
  }
}

const isGiven = (secret: string | null): boolean => secret !== null && secret !== '' && secret !== 'unset';

/** What is wrong, by the place of the field, such as `people.0.routes.1.url`. */
export function problemsOf(settings: DeliverySettings): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const say = (at: string, words: string): void => {
    if (!problems.has(at)) {
      problems.set(at, words);
    }
  };
  settings.people.forEach((person, p) => {
    checkName(person.name, settings.people.map((other) => other.name), `people.${p}.name`, say);
    if (person.quietHours && person.quietHours.from === person.quietHours.to) {
      say(`people.${p}.quietHours.to`, 'Begin and end are the same minute.');
    }
    if (person.quietHours && (person.quietHours.from === '' || person.quietHours.to === '')) {
      say(`people.${p}.quietHours.to`, 'A begin and an end are needed.');
    }
    person.routes.forEach((route, r) => {
      const at = `people.${p}.routes.${r}`;
      checkName(route.name, person.routes.map((other) => other.name), `${at}.name`, say);
      checkRoute(route, settings, at, say);
    });
  });
  if (settings.smtp) {
    if (settings.smtp.host.trim() === '') {
      say('smtp.host', 'A server is needed.');
    }
    if (!isAddress(settings.smtp.from)) {
      say('smtp.from', 'This is no mail address.');
    }
    if (settings.smtp.user && !isGiven(settings.smtp.password)) {
      say('smtp.password', 'A user needs a password.');
    }
  }
  if (settings.heartbeat && !isGiven(settings.heartbeat.url)) {
    say('heartbeat.url', 'The address of the watchdog is needed.');
  }
  return problems;
}

function checkName(name: string, all: readonly string[], at: string, say: (at: string, words: string) => void): void {
  if (name.trim() === '') {
    say(at, 'A name is needed.');
  } else if (name.includes('/')) {
    say(at, 'A name has no slash.');
  } else if (all.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1) {
    say(at, 'This name stands here twice.');
  }
}

function checkRoute(route: DeliveryRoute, settings: DeliverySettings, at: string, say: (at: string, words: string) => void): void {
  if (route.kind === 'mail') {
    if (!isAddress(route.address ?? '')) {
      say(`${at}.address`, 'This is no mail address.');
    } else if (!settings.smtp) {
      say(`${at}.address`, 'Mail needs a mail server, below.');
    }
    return;
  }
  if (!isGiven(route.url)) {
    say(`${at}.url`, 'An address is needed.');
  } else if (route.url !== 'set' && !isSafeUrl(route.url ?? '')) {
    say(`${at}.url`, 'An address begins with https://; http:// is for this machine only.');
  }
  if (route.template === 'ntfy' && !/^[A-Za-z0-9._-]{1,64}$/.test(route.topic ?? '')) {
    say(`${at}.topic`, 'A topic has 1 to 64 of A-Z a-z 0-9 . _ -.');
  }
  if (route.template === 'matrix' && !/^![^:]+:.+$/.test(route.room ?? '')) {
    say(`${at}.room`, 'A room id looks like !abc:server.');
  }
  if (route.template === 'matrix' && !isGiven(route.token)) {
    say(`${at}.token`, 'Matrix needs an access token.');
  }
  if (route.template === 'custom' && (route.body ?? '').trim() === '') {
    say(`${at}.body`, 'JSON with placeholders is needed.');
  }
}

const isAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text);

export function isSafeUrl(text: string): boolean {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
  } catch {
    return false;
  }
}

/** One sentence on when a person is told. */
export function whenWords(person: DeliveryPerson): string {
  const parts = [person.leastPriority === 'low' ? 'everything' : `from ${person.leastPriority} priority on`];
  if (person.fromEscalation > 0) {
    parts.push(`once escalated ${person.fromEscalation === 1 ? 'once' : `${person.fromEscalation} times`}`);
  }
  if (person.benches && person.benches.length > 0) {
    parts.push(`of ${person.benches.join(', ')}`);
  }
  if (person.quietHours) {
    parts.push(`not from ${person.quietHours.from} to ${person.quietHours.to}`);
  }
  return `${parts.join(', ')}; emergencies always`;
}

/** Why a line of the log stands as it does, in words. */
export function lineDetail(line: DeliveryLine): string {
  const parts: string[] = [];
  if (line.attempts > 1) {
    parts.push(`${line.attempts} attempts`);
  }
  if (line.mayBeRepeat) {
    parts.push('said that it may be a repeat');
  }
  if (line.reason) {
    parts.push(line.reason);
  }
  if (line.error) {
    parts.push(line.error);
  }
  return parts.join('; ');
}
