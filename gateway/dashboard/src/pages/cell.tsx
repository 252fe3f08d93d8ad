// One cell: what it reads now, its alarms, its measurements and cycles as plots, its findings and cycles as tables.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Alarm, Cycle, Finding } from '../api/types';
import { compareAlarms, isOpen } from '../logic/alarms';
import { stateWords } from '../logic/cells';
import { span } from '../logic/time';
import { amperes, celsius, count, volts } from '../logic/format';
import { Acknowledge } from '../parts/acknowledge';
import { Age, useAge } from '../parts/age';
import { BackIcon, StateIcon } from '../parts/icons';
import { Reading } from '../parts/reading';
import { CycleTable, FindingTable } from '../parts/tables';
import { Retention } from '../parts/tile';
import { CyclePlots } from '../plots/cycle-plots';
import { LivePlots } from '../plots/live-plots';
import { findCell, type CellView } from '../state/reducer';
import { clock, useNow } from '../state/clock';
import { useStore } from '../state/store';
import { AlarmTable } from './alarms';

const none: readonly Alarm[] = [];

export function CellPage({ name }: { readonly name: string }): JSX.Element {
  const view = useStore((state) => findCell(state, name));
  const alarms = useStore((state) => state.alarmsByCell.get(name) ?? none);
  const loaded = useStore((state) => state.loaded);
  const [acknowledging, setAcknowledging] = useState<Alarm | null>(null);
  const cycleCount = view?.cell.cycleCount ?? 0;
  const revision = view?.cell.lastCycle?.revision ?? 0;
  const open = alarms.filter(isOpen).sort(compareAlarms);
  const [cycles, cyclesError] = useAnswer((signal) => api.cycles(name, signal), [name, cycleCount, revision]);
  const [findings, findingsError] = useAnswer((signal) => api.findings(name, signal), [name, alarms]);

  return (
    <main id="main" class="cell-page">
      <div class="cell-title">
        <a class="back" href="#/"><BackIcon />Bench</a>
        <h1>{name}</h1>
        {view ? <span class={`state is-${view.cell.state}`}><StateIcon state={view.cell.state} />{stateWords[view.cell.state]}</span> : null}
        {view ? <Age view={view} /> : null}
      </div>
      {view ? <Now view={view} /> : <p class="waiting">{loaded ? `The gateway knows no channel named ${name} now. What is stored of it is below.` : 'Waiting for the gateway.'}</p>}
      {open.length > 0 ? <section class="panel" aria-label="Open alarms"><AlarmTable alarms={open} onAcknowledge={setAcknowledging} withoutCell /></section> : null}
      <LivePlots name={name} cell={view?.cell ?? null} />
      {cycles && cycles.length > 0 ? <CyclePlots name={name} cell={view?.cell ?? null} cycles={cycles} /> : null}
      <div class="tables">
        <FindingTable findings={findings ?? []} isRead={findings !== null} error={findingsError} />
        <CycleTable cycles={cycles ?? []} isRead={cycles !== null} error={cyclesError} />
      </div>
      {acknowledging ? <Acknowledge alarm={acknowledging} onClose={() => setAcknowledging(null)} /> : null}
    </main>
  );
}

/** The answer to a request that is made again when an input changes; the previous answer stays until the next one is there. */
function useAnswer<T extends readonly Cycle[] | readonly Finding[]>(
  ask: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): readonly [T | null, string | null] {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      try {
        setAnswer(await ask(controller.signal));
        setError(null);
      } catch (cause) {
        if (!controller.signal.aborted) {
          setError(cause instanceof Error ? cause.message : String(cause));
        }
      }
    };
    void run();
    return () => controller.abort();
  }, inputs);
  return [answer, error];
}

function Now({ view }: { readonly view: CellView }): JSX.Element {
  const { cell } = view;
  const { fresh } = useAge(view);
  return (
    <section class={`now is-${cell.state === 'ended' ? 'over' : fresh}`} aria-label="Last reading">
      <dl class="now-main">
        <div><dt>Voltage</dt><dd><Reading cell={cell} column="voltage" value={cell.voltageV} format={volts} unit="V" /></dd></div>
        <div><dt>Current</dt><dd><Reading cell={cell} column="current" value={cell.currentA} format={amperes} unit="A" /></dd></div>
        <div><dt>Surface</dt><dd><Reading cell={cell} column="surface" value={cell.surfaceC} format={celsius} unit="°C" /></dd></div>
        <div><dt>Infrared</dt><dd><Reading cell={cell} column="infrared" value={cell.infraredC} format={celsius} unit="°C" /></dd></div>
        <div><dt>Ambient</dt><dd><Reading cell={cell} column="ambient" value={cell.ambientC} format={celsius} unit="°C" /></dd></div>
      </dl>
      <dl class="now-side">
        <div><dt>Cycle</dt><dd>{cell.cycle ?? '–'}</dd></div>
        <div><dt>Complete cycles</dt><dd>{cell.cycleCount}</dd></div>
        <div><dt>Retention</dt><dd><Retention cell={cell} /></dd></div>
        <div><dt>Sample time</dt><dd>{cell.time === null ? '–' : clock.full(cell.time)}<Ahead time={cell.time} /></dd></div>
        <div><dt>Samples</dt><dd>{count(cell.sampleCount)}</dd></div>
        <div class={cell.droppedSamples > 0 ? 'has-fault' : ''}><dt>Dropped</dt><dd>{count(cell.droppedSamples)}</dd></div>
        <div><dt>Node, channel</dt><dd>{cell.node}, {cell.channel}{cell.online ? '' : ' (offline)'}</dd></div>
        <div><dt>Profile</dt><dd>{cell.profile ?? 'none'}</dd></div>
      </dl>
    </section>
  );
}

/** Said when the clock of the samples runs ahead of this screen: accelerated emulation, or a node with a wrong clock. */
function Ahead({ time }: { readonly time: number | null }): JSX.Element | null {
  const seconds = (time ?? 0) - useNow().wallMilliseconds / 1000;
  return seconds > 60 ? <span class="hint">, {span(seconds)} ahead of this clock</span> : null;
}
