// One cell: what it reads now, its alarms, its measurements and cycles as plots, its findings and cycles as tables.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { cellApi } from '../api/cell';
import type { Test } from '../api/cell-types';
import type { Alarm, Cycle } from '../api/types';
import { eventsOf } from '../history/events';
import { History } from '../history/history';
import type { Range } from '../history/view';
import { compareAlarms, isOpen, ruleWords } from '../logic/alarms';
import { stateWords } from '../logic/cells';
import { comparisonHref } from '../logic/cohort';
import { span } from '../logic/time';
import { amperes, celsius, count, volts } from '../logic/format';
import { Acknowledge } from '../parts/acknowledge';
import { Age, useAge } from '../parts/age';
import { AlarmTable } from '../parts/alarm-table';
import { BackIcon, StateIcon } from '../parts/icons';
import { Reading } from '../parts/reading';
import { CycleTable, FindingTable } from '../parts/tables';
import { Retention } from '../parts/tile';
import { CyclePlots } from '../plots/cycle-plots';
import { DifferentialPlots } from '../plots/differential';
import { HeatPlots } from '../plots/heat-plots';
import { useAnswer } from '../state/answer';
import { findCell, type CellView } from '../state/reducer';
import { clock, useNow } from '../state/clock';
import { useStore } from '../state/store';
import '../styles/history.css';
import type { PageProps } from './pages';

const none: readonly Alarm[] = [];

export function CellPage({ route }: PageProps): JSX.Element {
  const { name } = route;
  const view = useStore((state) => findCell(state, name));
  const alarms = useStore((state) => state.alarmsByCell.get(name) ?? none);
  const loaded = useStore((state) => state.loaded);
  const [acknowledging, setAcknowledging] = useState<Alarm | null>(null);
  const [asked, setAsked] = useState<Range | null>(null);
  const [chosen, setChosen] = useState<string | null>(() => route.query.get('test'));
  const running = view?.cell.test ?? null;
  const [tests, testsError] = useAnswer(async (signal) => (await cellApi.tests(signal)).filter((test) => test.cell === name), [name, running]);
  const test = chosen ?? running ?? tests?.[tests.length - 1]?.test ?? null;
  const isRunning = test === running && running !== null;
  const cell = isRunning ? view?.cell ?? null : null;
  const cycleCount = cell?.cycleCount ?? 0;
  const revision = cell?.lastCycle?.revision ?? 0;
  const open = alarms.filter(isOpen).sort(compareAlarms);
  // Before anything is known the gateway is asked for the cell's newest test: a cell that it does not know says so.
  const ready = tests !== null || running !== null || testsError !== null;
  const [cycles, cyclesError] = useAnswer(async (signal) => (ready ? cellApi.cycles(name, test, signal) : null), [ready, name, test, cycleCount, revision]);
  const [findings, findingsError] = useAnswer(async (signal) => (ready ? cellApi.findings(name, test, signal) : null), [ready, name, test, alarms]);
  const [steps] = useAnswer(async (signal) => (ready ? cellApi.steps(name, test, signal) : null), [ready, name, test, cycleCount, cell?.state]);
  const [pulses] = useAnswer(async (signal) => (ready ? cellApi.pulses(name, test, signal) : null), [ready, name, test, cycleCount]);
  const [changes] = useAnswer((signal) => cellApi.alarmChanges(name, signal), [name, alarms]);
  const [standing] = useAnswer(async (signal) => (ready ? cellApi.standing(name, test, signal) : null), [ready, name, test, cycleCount, revision]);
  const boots = standing?.boots ?? [];
  const events = useMemo(
    () => eventsOf({ findings: findings ?? [], changes: (changes ?? []).filter((change) => change.test === test), boots, steps: steps ?? [], cycles: cycles ?? [] }, ruleWords),
    [findings, changes, standing, steps, cycles, test],
  );
  const showCycle = ({ start, end }: Cycle): void => {
    if (start !== null && end !== null) {
      setAsked({ from: start - (end - start) * 0.03, to: end + (end - start) * 0.03 });
    }
  };
  const choose = (next: string): void => {
    setChosen(next === running ? null : next);
    history.replaceState(null, '', next === running ? `#/cell/${encodeURIComponent(name)}` : `#/cell/${encodeURIComponent(name)}?test=${encodeURIComponent(next)}`);
  };

  return (
    <main id="main" class="cell-page">
      <div class="cell-title">
        <a class="back" href="#/"><BackIcon />Bench</a>
        <h1>{name}</h1>
        {view ? <span class={`state is-${view.cell.state}`}><StateIcon state={view.cell.state} />{stateWords[view.cell.state]}</span> : null}
        {view ? <Age view={view} /> : null}
        <a class="compare-link" href={comparisonHref({ cells: [name], grouping: 'none', axis: 'cycle' })}>Compare with others</a>
        {tests && tests.length > 1 && test ? <TestChoice tests={tests} test={test} running={running} onChoose={choose} /> : null}
      </div>
      {view ? <Now view={view} /> : <p class="waiting">{loaded ? `The gateway knows no channel named ${name} now. What is stored of it is below.` : 'Waiting for the gateway.'}</p>}
      {open.length > 0 ? <section class="panel" aria-label="Open alarms"><AlarmTable alarms={open} onAcknowledge={setAcknowledging} withoutCell /></section> : null}
      {ready ? <History key={`${name}/${test}`} cell={name} test={test} newest={cell && cell.state !== 'ended' ? cell.time : null} events={events} boots={boots} asked={asked} /> : null}
      {cycles && cycles.length > 0 ? <CyclePlots name={name} test={test} cell={cell} cycles={cycles} pulses={pulses ?? []} standing={standing} onCycle={showCycle} /> : null}
      {cycles && cycles.length > 0 ? <div class="pair"><DifferentialPlots name={name} test={test} cycles={cycles} /><HeatPlots name={name} test={test} cycles={cycles} /></div> : null}
      <div class="tables">
        <FindingTable findings={findings ?? []} isRead={findings !== null} error={findingsError} />
        <CycleTable cycles={cycles ?? []} isRead={cycles !== null} error={cyclesError} />
      </div>
      {acknowledging ? <Acknowledge alarm={acknowledging} onClose={() => setAcknowledging(null)} /> : null}
    </main>
  );
}

interface TestChoiceProps {
  readonly tests: readonly Test[];
  readonly test: string;
  readonly running: string | null;
  readonly onChoose: (test: string) => void;
}

const TestChoice = ({ tests, test, running, onChoose }: TestChoiceProps): JSX.Element => (
  <label class="test-choice">Test{' '}
    <select value={test} onChange={(event) => onChoose(event.currentTarget.value)}>
      {[...tests].reverse().map((one) => (
        <option key={one.test} value={one.test}>{one.test}{one.start === null ? '' : `, from ${clock.full(one.start)}`}{one.test === running ? ', newest' : ''}</option>
      ))}
    </select>
  </label>
);

function Now({ view }: { readonly view: CellView }): JSX.Element {
  const { cell } = view;
  const { fresh } = useAge(view);
  return (
    <section class={`now is-${cell.state === 'ended' ? 'over' : fresh}`} aria-label="Last reading">
      {cell.state === 'ended' ? <p class="now-over"><b>The test has ended.</b> These are its last readings{cell.time === null ? '' : `, of ${clock.full(cell.time)}`}; nothing is measured here now.</p> : null}
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
