// Requests of the nodes page.
import { change, request } from './client';
import type { Broker, Forwarder, GatewayFigures, NodeAnswer, NodeStatus, Quarantine } from './nodes-types';

/** How long the gateway waits for the node's answer, seconds; less than this page waits for the gateway's. */
const answerSeconds = 8;

export interface GatewayPicture {
  readonly figures: GatewayFigures;
  readonly quarantine: Quarantine;
  readonly broker: Broker;
  readonly forwarder: Forwarder;
}

export const nodesApi = {
  nodes: (signal?: AbortSignal) => request<NodeStatus[]>('/api/v1/nodes', {}, signal),

  gateway: async (signal?: AbortSignal): Promise<GatewayPicture> => {
    const [figures, quarantine, broker, forwarder] = await Promise.all([
      request<GatewayFigures>('/api/v1/gateway', {}, signal),
      request<Quarantine>('/api/v1/quarantine', {}, signal),
      request<Broker>('/api/v1/broker', {}, signal),
      request<Forwarder>('/api/v1/influx', {}, signal),
    ]);
    return { figures, quarantine, broker, forwarder };
  },

  /** Resolves with what the node answered; throws with its reason where it refused, or with the gateway's where none came. */
  command: (node: string, fields: Readonly<Record<string, string | number>>) =>
    change<NodeAnswer>('POST', `/api/v1/nodes/${encodeURIComponent(node)}/commands?wait=${answerSeconds}`, fields),
};
