// One channel on the bench wall.
import type { JSX } from 'preact';
import type { Alarm, Cell } from '../api/types';
import { alarmKey, compareAlarms, isActive, isOpen, mostUrgent } from '../logic/alarms';
import { channelKey, faultOf, stateWords, stepTime, stepWords } from '../logic/cells';
import { amperes, celsius, percent, volts } from '../logic/format';
import type { CellView } from '../state/reducer';
import { cellHref } from '../state/route';
import { Age, useAge } from './age';
import { AlarmLine } from './alarm-line';
import { Channel } from './channel';
import { StateIcon } from './icons';
import { Reading } from './reading';
import { Trend } from './trend';

/** Alarms named on a tile; the rest is counted. */
const linesMax = 4;

export class Tile extends Channel<HTMLLIElement> {
  protected override draw(view: CellView, alarms: readonly Alarm[]): JSX.Element {
    const { visible } = this.state;
    const Heading = this.props.level === 3 ? 'h3' : 'h2';
    const { cell } = view;
    const open = alarms.filter(isOpen).sort(compareAlarms);
    const worst = open.find(isActive);
    const id = `tile-${channelKey(cell)}`;
    return (
      <li ref={this.element} class={`tile ${worst ? `has-alarm sev-${worst.severity}` : ''} is-${cell.state}`} data-cell={cell.cell}>
        <Faded view={view} ticking={visible}>
          <header class="tile-head">
            <Heading id={id}><a href={cellHref(cell.cell)}>{cell.cell}</a></Heading>
            <span class={`state is-${cell.state}`}><StateIcon state={cell.state} />{stateWords[cell.state]}<StepTime cell={cell} /></span>
          </header>
          <p class="tile-sub">
            <span class="where">{[cell.node !== cell.cell ? cell.node : null, `channel ${cell.channel}`, cell.profile].filter(Boolean).join(' · ')}{cell.online ? '' : ' · node offline'}</span>
            <Age view={view} ticking={visible} />
          </p>
          <Alarms open={open} ticking={visible} />
          <dl class="main-readings">
            <div><dt class="visually-hidden">Voltage</dt><dd><Reading cell={cell} column="voltage" value={cell.voltageV} format={volts} unit="V" /></dd></div>
            <div><dt class="visually-hidden">Current</dt><dd><Reading cell={cell} column="current" value={cell.currentA} format={amperes} unit="A" /></dd></div>
          </dl>
          <Trend points={cell.trend} />
          <dl class="side-readings">
            <Temperature cell={cell} column="surface" label="Surface" value={cell.surfaceC} />
            <Temperature cell={cell} column="infrared" label="Infrared" value={cell.infraredC} />
            <Temperature cell={cell} column="ambient" label="Ambient" value={cell.ambientC} />
            <div><dt>Cycle</dt><dd class="reading" title={`${cell.cycleCount} complete`}><span class="number">{cell.cycle ?? '–'}</span></dd></div>
            <div><dt>Step</dt><dd class="reading" title={cell.step ? stepWords(cell.step) : 'No step is running.'}><span class="number">{cell.step?.number ?? '–'}</span></dd></div>
            <div><dt>Retention</dt><dd><Retention cell={cell} /></dd></div>
          </dl>
        </Faded>
      </li>
    );
  }
}

/** How long the step has run, beside the state. */
function StepTime({ cell }: { readonly cell: Cell }): JSX.Element | null {
  return cell.step && cell.state !== 'ended' ? <span class="step-time" title={stepWords(cell.step)}>{stepTime(cell.step)}</span> : null;
}

/** Marks the tile by the freshness of its reading; the age ticks, so this part renders each second. */
function Faded({ view, ticking, children }: { readonly view: CellView; readonly ticking: boolean; readonly children: JSX.Element[] }): JSX.Element {
  const { fresh } = useAge(view, ticking);
  const mark = view.cell.state === 'ended' ? 'over' : fresh;
  return <article class={`tile-body is-${mark}`} aria-labelledby={`tile-${channelKey(view.cell)}`}>{children}</article>;
}

function Alarms({ open, ticking }: { readonly open: readonly Alarm[]; readonly ticking: boolean }): JSX.Element | null {
  if (open.length === 0) {
    return null;
  }
  return (
    <div class="tile-alarms">
      {mostUrgent(open, linesMax).map((alarm) => <AlarmLine key={alarmKey(alarm)} alarm={alarm} ticking={ticking} />)}
      {open.length > linesMax ? <p class="more">and {open.length - linesMax} more</p> : null}
    </div>
  );
}

function Temperature({ cell, column, label, value }: { readonly cell: Cell; readonly column: string; readonly label: string; readonly value: number | null }): JSX.Element {
  return (
    <div class={faultOf(cell, column) ? 'has-fault' : ''}>
      <dt>{label}</dt>
      <dd><Reading cell={cell} column={column} value={value} format={celsius} unit="°C" /></dd>
    </div>
  );
}

export function Retention({ cell }: { readonly cell: Cell }): JSX.Element {
  if (cell.retention === null) {
    return <span class="reading is-absent" title="Retention: no complete cycle to compare yet.">–</span>;
  }
  return <span class="reading"><span class="number">{percent(cell.retention)}</span><span class="unit">%</span></span>;
}
