// The nodes page: the gateway itself, and every node with what is wrong with it, the worst first.
import '../styles/nodes.css';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { nodesApi } from '../api/nodes';
import { clockOf, compareNodes, troublesOf } from '../logic/nodes';
import { secondsBetween } from '../logic/staleness';
import { span } from '../logic/time';
import { CommandDialog } from '../parts/command-dialog';
import { GatewayCard } from '../parts/gateway-card';
import { NodeCard } from '../parts/node-card';
import { useNow } from '../state/clock';
import { useGrowing } from '../state/growing';
import { usePolled, type Polled } from '../state/polled';
import { useSession } from '../state/session';
import { store } from '../state/store';

/** Nodes tell their status every half minute or so; asking more often would show nothing more. */
const everySeconds = 5;
/** An answer older than this is told as such, seconds. */
const staleSeconds = 15;

export function NodesPage(): JSX.Element {
  const [nodes, askAgain] = usePolled(nodesApi.nodes, everySeconds);
  const [gateway] = usePolled(nodesApi.gateway, everySeconds);
  const [query, setQuery] = useState('');
  const [ordered, setOrdered] = useState<string | null>(null);
  const session = useSession();
  const cells = [...store.state.cells.values()].map((view) => view.cell);
  const all = (nodes.value ?? []).map((node) => {
    const clock = clockOf(node.node, cells);
    const bench = cells.find((cell) => cell.node === node.node)?.bench ?? node.node;
    return { name: node.node, node, bench, clock, troubles: troublesOf(node, clock) };
  }).sort(compareNodes);
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const shown = all.filter(({ node, bench, troubles }) => {
    const text = [node.node, bench, node.state, node.firmware ?? '', ...Object.values(node.channels), ...troubles.map((trouble) => trouble.words)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const most = useGrowing(shown.length);
  const subject = all.find(({ name }) => name === ordered)?.node;
  const troubled = all.filter(({ troubles }) => troubles.some(({ gravity }) => gravity !== 'note')).length;
  return (
    <main id="main" class="nodes">
      <div class="toolbar">
        <h1>Nodes</h1>
        <p class="tally">
          <span><b>{all.length}</b> {all.length === 1 ? 'node' : 'nodes'}</span>
          <span><b>{all.filter(({ node }) => node.state === 'online').length}</b> online</span>
          {troubled > 0 ? <span class="is-silent"><b>{troubled}</b> with trouble</span> : null}
        </p>
        <div class="tools">
          <label class="filter"><span class="visually-hidden">Filter nodes</span><input type="search" placeholder="Filter: name, cell, trouble" value={query} onInput={(event) => setQuery(event.currentTarget.value)} /></label>
        </div>
      </div>
      <Staleness polled={nodes} />
      {gateway.value ? <GatewayCard picture={gateway.value} /> : <p class="waiting" role="status">{gateway.problem ?? 'Waiting for the gateway’s figures.'}</p>}
      <h2 class="nodes-title">Nodes, those with trouble first</h2>
      {nodes.value && all.length === 0 ? <p class="waiting">No node has told its status yet. Devices that only publish samples do not appear here.</p> : null}
      {all.length > 0 && shown.length === 0 ? <p class="waiting" role="status">No node matches “{query}”.</p> : null}
      <ul class="node-cards">
        {shown.slice(0, most).map(({ node, bench, clock, troubles }) => (
          <NodeCard key={node.node} node={node} bench={bench} clock={clock} troubles={troubles} onCommand={session.may('operator') ? () => setOrdered(node.node) : null} />
        ))}
      </ul>
      {subject ? <CommandDialog node={subject} onClose={() => setOrdered(null)} onDone={askAgain} /> : null}
    </main>
  );
}

/** Said when the last answer is old, or could not be had: the figures below then look as old as they are. */
function Staleness({ polled }: { readonly polled: Polled<unknown> }): JSX.Element | null {
  const now = useNow();
  const age = polled.at === null ? null : secondsBetween(polled.at, now);
  if (polled.problem === null && (age === null || age < staleSeconds)) {
    return null;
  }
  return <p class="stale-note" role="status">{polled.problem ?? ''} {age === null ? '' : `The figures below are ${span(age)} old.`}</p>;
}
