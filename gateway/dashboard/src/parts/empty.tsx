// What to do when there is nothing to show yet.
import type { JSX } from 'preact';

export function NoCells({ mqtt }: { readonly mqtt: string | null }): JSX.Element {
  return (
    <section class="empty">
      <h2>No cells yet</h2>
      <p>Channels appear here by themselves with their first sample. Any one of these brings some:</p>
      <dl>
        <div><dt>A node</dt><dd>{mqtt ? <>Point it at <code>mqtt={mqtt}</code>, where this gateway listens.</> : <>Point it at the <code>mqtt=…</code> address that the gateway printed in its <code>ready</code> line.</>}</dd></div>
        <div><dt>The demo</dt><dd>Run <code>pouchmonitor demo</code>: six emulated pouches on accelerated time.</dd></div>
        <div><dt>A recorded file</dt><dd>Run <code>pouchmonitor replay FILE --cell NAME --mqtt {mqtt ?? 'HOST:PORT'} --speed 100</code>.</dd></div>
        <div><dt>Another device</dt><dd>Publish JSON such as <code>{'{"t": 1732150000.25, "v": 3.7312, "i": -1.5}'}</code> to <code>pouch/v1/NODE/CHANNEL/sample</code>.</dd></div>
      </dl>
    </section>
  );
}
