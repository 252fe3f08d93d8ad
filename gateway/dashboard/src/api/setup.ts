// Requests of the set-up and of the profiles.
import { change, request } from './client';
import type { AssignmentBody, ProfileBody, ProfileFields, ProfileLine, ProfileProblem, ProfileView, SetupChannel } from './setup-types';

const channelPath = (node: string, channel: string): string => `/api/v1/channels/${encodeURIComponent(node)}/${encodeURIComponent(channel)}`;
const profilePath = (name: string): string => `/api/v1/profiles/${encodeURIComponent(name)}`;

export const setupApi = {
  channels: (signal?: AbortSignal) => request<SetupChannel[]>('/api/v1/channels', {}, signal),
  assign: (node: string, channel: string, body: AssignmentBody) => change<SetupChannel>('PUT', channelPath(node, channel), body),
  release: (node: string, channel: string, body: Pick<AssignmentBody, 'by' | 'endTest' | 'confirm' | 'seenChangedAt'>) =>
    change<SetupChannel>('DELETE', channelPath(node, channel), body),
  profiles: (signal?: AbortSignal) => request<ProfileLine[]>('/api/v1/profiles', {}, signal),
  profile: (name: string, version: number | null, signal?: AbortSignal) =>
    request<ProfileView>(profilePath(name) + (version === null ? '' : `?version=${version}`), {}, signal),
  fields: (signal?: AbortSignal) => request<ProfileFields>('/api/v1/profile-fields', {}, signal),
  check: (body: ProfileBody) => change<{ problems: ProfileProblem[] }>('POST', '/api/v1/profiles/check', body),
  /** `version` is the one the change is based on, 0 for a new profile. */
  save: (name: string, body: ProfileBody, version: number, by: string) =>
    change<ProfileView>('PUT', `${profilePath(name)}?version=${version}&by=${encodeURIComponent(by)}`, body),
};
