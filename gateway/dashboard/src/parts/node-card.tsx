// One node: what is wrong with it in words, its figures, and what may be ordered.
import type { JSX } from 'preact';
import type { NodeStatus } from '../api/nodes-types';
import { count, dash, fixed } from '../logic/format';
import { bytes, calibrationDays, clockWords, type NodeClock, type Trouble } from '../logic/nodes';
import { span } from '../logic/time';
import { clock as shown, useNow } from '../state/clock';
import { cellHref } from '../state/route';
import { Figure } from './gateway-card';

interface NodeCardProps {
  readonly node: NodeStatus;
  readonly bench: string;
  readonly clock: NodeClock;
  readonly troubles: readonly Trouble[];
  /** Null where whoever is signed in may not give orders. */
  readonly onCommand: (() => void) | null;
}

const stateWords: Readonly<Record<NodeStatus['state'], string>> = { online: 'Online', offline: 'Offline', unknown: 'Not heard yet' };

const marks: Readonly<Record<Trouble['gravity'], string>> = { bad: '◆', warning: '▲', note: '●' };

export function NodeCard({ node, bench, clock, troubles, onCommand }: NodeCardProps): JSX.Element {
  const { health } = node;
  const id = `node-${node.node}`;
  return (
    <li class={`panel node-card is-${node.state} ${troubles[0] ? `has-${troubles[0].gravity}` : ''}`} data-node={node.node}>
      <article aria-labelledby={id}>
        <div class="panel-head">
          <h3 id={id}>{node.node}</h3>
          {bench !== node.node ? <span class="hint">{bench}</span> : null}
          <span class={`node-state is-${node.state}`}><span class="lamp" aria-hidden="true" />{stateWords[node.state]}</span>
          {onCommand ? <button type="button" class="command-button" onClick={onCommand}>Command<span class="visually-hidden"> to {node.node}</span> …</button> : null}
        </div>
        {troubles.length > 0 ? (
          <ul class="node-troubles">{troubles.map((trouble) => <li key={trouble.words} class={`node-trouble is-${trouble.gravity}`}><span aria-hidden="true">{marks[trouble.gravity]} </span>{trouble.words}</li>)}</ul>
        ) : null}
        <dl class="figures">
          <Figure name="Last status"><LastHeard node={node} /></Figure>
          <Figure name="Firmware">{node.firmware ?? dash}</Figure>
          <Figure name="Up for">{node.uptimeSeconds === null ? dash : span(node.uptimeSeconds)} <span class="hint">{node.bootCount === 1 ? '1 boot' : `${count(node.bootCount)} boots`} seen</span></Figure>
          <Figure name="Backlog">{health?.backlogFrames === undefined ? dash : `${count(health.backlogFrames)} ${health.backlogFrames === 1 ? 'frame' : 'frames'}`}{health?.behindMs ? <span class="hint"> {span(health.behindMs / 1000)} behind</span> : null}</Figure>
          <Figure name="Lost samples">{count(health?.droppedSamples)}<span class="hint"> missed {count(health?.missedSamples)}</span></Figure>
          <Figure name="Sample clock">{clockWords(clock)}</Figure>
          <Figure name="Signal">{health?.signalDbm === undefined ? dash : `${fixed(health.signalDbm, 0)} dBm`}</Figure>
          <Figure name="Store">{health?.storedBytes === undefined ? dash : `${bytes(health.storedBytes)}${health.flashBytes ? ` of ${bytes(health.flashBytes)}` : ''}`}</Figure>
          <Figure name="Restarts">{count(health?.restarts)}{health?.exceptions ? <span class="hint"> {count(health.exceptions)} by exception</span> : null}{health?.restartCause ? <span class="hint"> last: {health.restartCause}</span> : null}</Figure>
          <Figure name="Free heap">{bytes(health?.heapFreeBytes)}</Figure>
        </dl>
        <Channels node={node} />
      </article>
    </li>
  );
}

function LastHeard({ node }: { readonly node: NodeStatus }): JSX.Element {
  const now = useNow().wallMilliseconds / 1000;
  return node.lastSeen === null ? <span>{dash}</span> : <span title={shown.full(node.lastSeen)}>{span(now - node.lastSeen)} ago</span>;
}

/** Cell, protection and calibration of each channel. */
function Channels({ node }: { readonly node: NodeStatus }): JSX.Element | null {
  const now = useNow().wallMilliseconds / 1000;
  const names = [...new Set([...Object.keys(node.channels), ...Object.keys(node.calibrations ?? {}), ...Object.keys(node.trips ?? {})])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.length === 0) {
    return null;
  }
  return (
    <table class="node-channels">
      <thead><tr><th scope="col">Channel</th><th scope="col">Cell</th><th scope="col">Protection</th><th scope="col">Calibration</th></tr></thead>
      <tbody>
        {names.map((name) => {
          const label = node.channels[name];
          const calibration = node.calibrations?.[name];
          const days = calibration?.madeAt == null ? null : (now - calibration.madeAt) / 86_400;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{label ? <a href={cellHref(label)}>{label}</a> : dash}</td>
              <td>{node.trips?.[name] ? <b class="is-bad-word">tripped</b> : node.trips ? 'no trip' : <span class="hint">not told</span>}</td>
              <td>{calibration ? <><code>{calibration.id}</code> <span class={days !== null && days > calibrationDays ? 'is-due' : 'hint'}>{days === null ? 'date not known' : days > calibrationDays ? `${Math.floor(days)} d old, due` : `${Math.floor(days)} d old`}</span></> : <span class="hint">none told</span>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
