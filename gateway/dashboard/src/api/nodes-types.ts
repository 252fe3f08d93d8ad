// Nodes and the gateway itself, as `GET /api/v1/nodes`, `/gateway`, `/quarantine`, `/broker` and `/influx` tell.

export interface Trip {
  readonly cause: string;
  readonly kind: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
}

/** What the node told of itself; a figure it did not tell is absent. Counts run since its boot, restarts since its flash was empty. */
export interface NodeHealth {
  readonly heapFreeBytes?: number;
  readonly signalDbm?: number;
  readonly restarts?: number;
  readonly exceptions?: number;
  readonly backlogFrames?: number;
  readonly storedFrames?: number;
  readonly storedBytes?: number;
  readonly flashBytes?: number;
  readonly behindMs?: number;
  readonly droppedSamples?: number;
  readonly missedSamples?: number;
  readonly refusedFrames?: number;
  readonly givenUpFrames?: number;
  readonly connections?: number;
  readonly worstLatenessUs?: number;
  readonly restartCause: string | null;
  readonly safeMode: boolean;
  readonly busErrors: Readonly<Record<string, number>>;
}

export interface NodeStatus {
  readonly node: string;
  /** `unknown` until it is heard in this run of the gateway; what follows is then from before. */
  readonly state: 'online' | 'offline' | 'unknown';
  readonly boot: string | null;
  readonly bootSeen: number | null;
  readonly bootCount: number;
  readonly firmware: string | null;
  readonly uptimeSeconds: number | null;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly channels: Readonly<Record<string, string>>;
  /** Null where the node does not tell of protection. */
  readonly trips?: Readonly<Record<string, Trip>> | null;
  readonly calibrations?: Readonly<Record<string, { readonly id: string; readonly madeAt: number | null }>>;
  readonly health: NodeHealth | null;
}

export interface GatewayFigures {
  readonly version: string;
  readonly time: number;
  readonly freeBytes: number | null;
  readonly storageProblem: string | null;
  readonly compactionProblem: string | null;
  readonly storedFrames: number;
  readonly storedSamples: number;
  readonly duplicateFrames: number;
  readonly failedFrames: number;
  readonly queueEntries: number;
  readonly segments: number;
  readonly damagedPlaces: number;
  readonly quarantinedMessages: number;
  readonly quarantineDroppedMessages: number;
  readonly calibrationsRefused: number;
  readonly dashboards: number;
  readonly faults: number;
}

export interface Quarantine {
  readonly count: number;
  readonly newest: readonly { readonly time: number; readonly node: string; readonly topic: string; readonly reason: string; readonly byteCount: number }[];
}

/** Null where no external broker is configured. */
export type Broker = null | {
  readonly address: string;
  readonly connected: boolean;
  readonly subscribed: boolean;
  readonly lastError: string | null;
  readonly unacknowledgedMessages: number;
  readonly waitingPublishes: number;
};

/** Null where nothing is forwarded. */
export type Forwarder = null | {
  readonly url: string;
  readonly kind: string;
  readonly lagFrames: number;
  readonly lagSeconds: number;
  readonly lastError: string | null;
  readonly rejectedLines: number;
};

export interface NodeAnswer {
  readonly event?: string;
  readonly detail?: string;
}
