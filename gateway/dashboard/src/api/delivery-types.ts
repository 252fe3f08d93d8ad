// Who is told of alarms and how it went, as the gateway's JSON has it. Secrets go in and never out.
import type { Priority } from './types';

export type RouteKind = 'webhook' | 'mail';

export const templates = ['json', 'slack', 'teams', 'mattermost', 'matrix', 'ntfy', 'custom'] as const;

export type Template = (typeof templates)[number];

/** `set` keeps what is stored, `unset` removes it, anything else takes its place. */
export type Secret = string;

export interface DeliveryRoute {
  readonly name: string;
  /** Its key as the gateway knows it; null for a new one. */
  readonly was: string | null;
  readonly kind: RouteKind;
  readonly template: Template | null;
  readonly host: string | null;
  readonly url: Secret | null;
  readonly secret: Secret | null;
  readonly token: Secret | null;
  readonly address: string | null;
  readonly topic: string | null;
  readonly room: string | null;
  readonly body: string | null;
}

export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly days: readonly string[] | null;
}

export interface DeliveryPerson {
  readonly name: string;
  readonly leastPriority: Priority;
  readonly fromEscalation: number;
  readonly quietHours: QuietHours | null;
  readonly benches: readonly string[] | null;
  readonly routes: readonly DeliveryRoute[];
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user: string | null;
  readonly from: string;
  readonly password: Secret | null;
}

export interface HeartbeatSettings {
  readonly everySeconds: number;
  readonly tellFailure: boolean;
  readonly host: string | null;
  readonly url: Secret | null;
}

export interface DeliverySettings {
  readonly version: number;
  readonly people: readonly DeliveryPerson[];
  readonly smtp: MailServer | null;
  readonly heartbeat: HeartbeatSettings | null;
  readonly link: string | null;
  readonly alarmAfterMinutes: number;
  readonly mostPerTenMinutes: number;
}

export interface RouteState {
  readonly route: string;
  readonly waiting: number;
  readonly held: number;
  readonly oldestAt: number | null;
  readonly failingSince: number | null;
  readonly lastSentAt: number | null;
  readonly error: string | null;
}

export interface DeliveryStatus {
  readonly problem: string | null;
  readonly routes: readonly RouteState[];
  readonly heartbeat: {
    readonly host: string | null;
    readonly everySeconds: number;
    readonly lastSuccessAt: number | null;
    readonly error: string | null;
    readonly problem: string | null;
  } | null;
}

export const deliveryStates = ['pending', 'sending', 'sent', 'failed', 'gaveUp', 'held', 'skipped'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

export interface DeliveryLine {
  readonly id: number;
  readonly at: number;
  readonly notice: string;
  readonly incident: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly title: string;
  readonly route: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly triedAt: number | null;
  readonly sentAt: number | null;
  readonly nextAt: number | null;
  readonly error: string | null;
  readonly reason: string | null;
  readonly mayBeRepeat: boolean;
}

export interface TestOutcome {
  readonly route: string;
  readonly state: DeliveryState;
  readonly error: string | null;
  readonly seconds: number;
}
