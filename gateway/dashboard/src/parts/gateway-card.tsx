// The gateway itself: its disk, its journal, what it could not understand, and what it passes on.
import type { ComponentChildren, JSX } from 'preact';
import type { GatewayPicture } from '../api/nodes';
import { count } from '../logic/format';
import { bytes } from '../logic/nodes';
import { span } from '../logic/time';
import { clock } from '../state/clock';

export function GatewayCard({ picture }: { readonly picture: GatewayPicture }): JSX.Element {
  const { figures, quarantine, broker, forwarder } = picture;
  return (
    <section class="panel gateway-card" aria-labelledby="gateway-title">
      <div class="panel-head"><h2 id="gateway-title">Gateway</h2><span class="hint" title={figures.version}>version {figures.version.replace(/\+([0-9a-f]{8})[0-9a-f]*$/, '+$1')}</span></div>
      {figures.storageProblem ? <p class="node-trouble is-bad"><b>Storage fails:</b> {figures.storageProblem} Nothing is acknowledged until it can be stored.</p> : null}
      {figures.compactionProblem ? <p class="node-trouble is-warning"><b>Compaction fails:</b> {figures.compactionProblem}</p> : null}
      <dl class="figures">
        <Figure name="Disk free">{bytes(figures.freeBytes)}</Figure>
        <Figure name="Samples stored">{count(figures.storedSamples)} <span class="hint">since the start</span></Figure>
        <Figure name="Waiting for the journal">{count(figures.queueEntries)}</Figure>
        <Figure name="Came twice">{count(figures.duplicateFrames)} <span class="hint">frames, stored once</span></Figure>
        <Figure name="Damaged places" isBad={figures.damagedPlaces > 0}>{count(figures.damagedPlaces)}{figures.damagedPlaces > 0 ? <span class="hint"> pouchmonitor doctor names them</span> : null}</Figure>
        <Figure name="Quarantined" isBad={figures.quarantinedMessages > 0}>{count(figures.quarantinedMessages)} <span class="hint">messages not understood</span></Figure>
        <Figure name="External broker" isBad={broker !== null && !broker.connected}>{broker === null ? <span class="hint">none configured</span> : broker.connected ? `connected to ${broker.address}` : `not connected: ${broker.lastError ?? broker.address}`}</Figure>
        <Figure name="Forwarder" isBad={forwarder?.lastError != null}>{forwarder === null ? <span class="hint">none configured</span> : forwarder.lastError ?? `${span(forwarder.lagSeconds)} behind, ${count(forwarder.lagFrames)} frames`}</Figure>
        <Figure name="Open dashboards">{count(figures.dashboards)}</Figure>
      </dl>
      {quarantine.newest.length > 0 ? (
        <details>
          <summary>The newest quarantined messages</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label="Quarantined messages">
            <table>
              <thead><tr><th scope="col">Received <span class="zone">{clock.zoneName}</span></th><th scope="col">Node</th><th scope="col">Reason</th><th scope="col" class="num">Bytes</th></tr></thead>
              <tbody>
                {quarantine.newest.slice(0, 20).map((item, at) => (
                  <tr key={at}><td class="when">{clock.moment(item.time, figures.time)}</td><td>{item.node}</td><td>{item.reason}</td><td class="num">{count(item.byteCount)}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
    </section>
  );
}

export function Figure({ name, isBad = false, children }: { readonly name: string; readonly isBad?: boolean; readonly children: ComponentChildren }): JSX.Element {
  return <div class={isBad ? 'is-bad' : ''}><dt>{name}</dt><dd>{isBad ? <span aria-hidden="true">▲ </span> : null}{children}</dd></div>;
}
