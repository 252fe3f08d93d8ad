// One channel on the bench wall. Renders again only when its channel or its alarms are another object.
import { Component, type JSX } from 'preact';
import type { Alarm, Cell } from '../api/types';
import { compareAlarms, isActive, isOpen } from '../logic/alarms';
import { faultOf, stateWords } from '../logic/cells';
import { amperes, celsius, percent, volts } from '../logic/format';
import type { CellView } from '../state/reducer';
import { cellHref } from '../state/route';
import { Age, useAge } from './age';
import { AlarmLine } from './alarm-line';
import { StateIcon } from './icons';
import { Reading } from './reading';
import { Trend } from './trend';

interface TileProps {
  readonly view: CellView;
  readonly alarms: readonly Alarm[];
}

/** Alarms named on a tile; the rest is counted. */
const linesMax = 3;

export class Tile extends Component<TileProps> {
  override shouldComponentUpdate(next: TileProps): boolean {
    return next.view !== this.props.view || next.alarms !== this.props.alarms;
  }

  override render({ view, alarms }: TileProps): JSX.Element {
    const { cell } = view;
    const open = alarms.filter(isOpen).sort(compareAlarms);
    const worst = open.find(isActive);
    const id = `tile-${cell.cell}`;
    return (
      <li class={`tile ${worst ? `has-alarm sev-${worst.severity}` : ''} is-${cell.state}`} data-cell={cell.cell}>
        <Faded view={view}>
          <header class="tile-head">
            <h3 id={id}><a href={cellHref(cell.cell)}>{cell.cell}</a></h3>
            <span class={`state is-${cell.state}`}><StateIcon state={cell.state} />{stateWords[cell.state]}</span>
          </header>
          <p class="tile-sub">
            <span class="where">{[cell.node !== cell.cell ? cell.node : null, `channel ${cell.channel}`, cell.profile].filter(Boolean).join(' · ')}{cell.online ? '' : ' · node offline'}</span>
            <Age view={view} />
          </p>
          <Alarms open={open} />
          <dl class="main-readings">
            <div><dt class="visually-hidden">Voltage</dt><dd><Reading cell={cell} column="voltage" value={cell.voltageV} format={volts} unit="V" /></dd></div>
            <div><dt class="visually-hidden">Current</dt><dd><Reading cell={cell} column="current" value={cell.currentA} format={amperes} unit="A" /></dd></div>
          </dl>
          <Trend points={cell.trend} />
          <dl class="side-readings">
            <Temperature cell={cell} column="surface" label="Surface" value={cell.surfaceC} />
            <Temperature cell={cell} column="infrared" label="Infrared" value={cell.infraredC} />
            <Temperature cell={cell} column="ambient" label="Ambient" value={cell.ambientC} />
            <div><dt>Cycle</dt><dd class="reading"><span class="number">{cell.cycle ?? '–'}</span></dd></div>
            <div><dt>Complete</dt><dd class="reading"><span class="number">{cell.cycleCount}</span></dd></div>
            <div><dt>Retention</dt><dd><Retention cell={cell} /></dd></div>
          </dl>
        </Faded>
      </li>
    );
  }
}

/** Marks the tile by the freshness of its reading; the age ticks, so this part renders each second. */
function Faded({ view, children }: { readonly view: CellView; readonly children: JSX.Element[] }): JSX.Element {
  const { fresh } = useAge(view);
  const mark = view.cell.state === 'ended' ? 'over' : fresh;
  return <article class={`tile-body is-${mark}`} aria-labelledby={`tile-${view.cell.cell}`}>{children}</article>;
}

function Alarms({ open }: { readonly open: readonly Alarm[] }): JSX.Element | null {
  if (open.length === 0) {
    return null;
  }
  return (
    <div class="tile-alarms">
      {open.slice(0, linesMax).map((alarm) => <AlarmLine key={alarm.id} alarm={alarm} />)}
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
