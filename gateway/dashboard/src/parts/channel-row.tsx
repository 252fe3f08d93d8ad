// One channel as a row: everything a tile says, in one line.
import type { JSX } from 'preact';
import type { Alarm, Cell } from '../api/types';
import { compareAlarms, isActive, isOpen, ruleWords, severityWords } from '../logic/alarms';
import { faultLabel, faultOf, stateWords, stepTime, stepWords } from '../logic/cells';
import { amperes, celsius, dash, volts } from '../logic/format';
import type { CellView } from '../state/reducer';
import { cellHref } from '../state/route';
import { Age, useAge } from './age';
import { Channel } from './channel';
import { SeverityIcon, StateIcon } from './icons';
import { Trend } from './trend';

export function ChannelTable({ keys, label }: { readonly keys: readonly string[]; readonly label: string }): JSX.Element {
  return (
    <table class="channel-table">
      <caption class="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col" class="col-cell">Cell</th><th scope="col" class="col-state">State</th>
          <th scope="col" class="num col-volts">Voltage <span class="unit">V</span></th><th scope="col" class="num col-amperes">Current <span class="unit">A</span></th>
          <th scope="col" class="num col-celsius">Surface <span class="unit">°C</span></th><th scope="col" class="num col-celsius is-extra">Infrared <span class="unit">°C</span></th>
          <th scope="col" class="num col-celsius is-extra">Ambient <span class="unit">°C</span></th><th scope="col" class="num col-cycle is-extra">Cycle</th>
          <th scope="col" class="num col-step is-extra">Step</th><th scope="col" class="col-trend is-extra">Trend</th>
          <th scope="col" class="col-age">Age</th><th scope="col" class="col-alarm">Alarms</th>
        </tr>
      </thead>
      <tbody>{keys.map((key) => <ChannelRow key={key} channel={key} />)}</tbody>
    </table>
  );
}

export class ChannelRow extends Channel<HTMLTableRowElement> {
  protected override draw(view: CellView, alarms: readonly Alarm[]): JSX.Element {
    const { cell } = view;
    const open = alarms.filter(isOpen).sort(compareAlarms);
    const worst = open.find(isActive);
    return (
      <tr ref={this.element} class={worst ? `has-alarm sev-${worst.severity}` : ''} data-cell={cell.cell}>
        <th scope="row" class="col-cell"><a href={cellHref(cell.cell)}>{cell.cell}</a></th>
        <td class={`col-state state is-${cell.state}`} title={cell.step ? stepWords(cell.step) : undefined}><StateIcon state={cell.state} /><span>{stateWords[cell.state]}</span></td>
        <Value cell={cell} column="voltage" text={volts(cell.voltageV)} width="col-volts" />
        <Value cell={cell} column="current" text={amperes(cell.currentA)} width="col-amperes" />
        <Value cell={cell} column="surface" text={celsius(cell.surfaceC)} width="col-celsius" />
        <Value cell={cell} column="infrared" text={celsius(cell.infraredC)} width="col-celsius is-extra" />
        <Value cell={cell} column="ambient" text={celsius(cell.ambientC)} width="col-celsius is-extra" />
        <td class="num col-cycle is-extra">{cell.cycle ?? dash}</td>
        <td class="num col-step is-extra">{cell.step ? `${cell.step.number} · ${stepTime(cell.step)}` : dash}</td>
        <td class="col-trend is-extra"><Trend points={cell.trend} /></td>
        <AgeCell view={view} ticking={this.state.visible} />
        <td class="col-alarm"><Worst open={open} /></td>
      </tr>
    );
  }
}

function Value({ cell, column, text, width }: { readonly cell: Cell; readonly column: string; readonly text: string; readonly width: string }): JSX.Element {
  const fault = faultOf(cell, column);
  const isFaulty = fault !== null && fault !== 'absent';
  return <td class={`num ${width} ${isFaulty ? 'is-faulty' : ''}`} data-column={column}>{isFaulty ? <span class="why">{faultLabel(fault)}</span> : text}</td>;
}

/** Carries the freshness of the row: style sheets look from here to the figures beside it. */
function AgeCell({ view, ticking }: { readonly view: CellView; readonly ticking: boolean }): JSX.Element {
  const { fresh } = useAge(view, ticking);
  return <td class="col-age" data-fresh={view.cell.state === 'ended' ? 'over' : fresh}><Age view={view} ticking={ticking} /></td>;
}

function Worst({ open }: { readonly open: readonly Alarm[] }): JSX.Element | null {
  const [first, ...others] = open;
  if (!first) {
    return null;
  }
  return (
    <span class={`row-alarm sev-${first.severity} is-${first.state}`} title={first.message}>
      <SeverityIcon severity={first.severity} filled={first.state === 'unacknowledged'} size={16} />
      <span><span class="visually-hidden">{severityWords[first.severity]}: </span>{ruleWords(first.rule)}{isActive(first) ? '' : ', over'}{others.length > 0 ? ` +${others.length}` : ''}</span>
    </span>
  );
}
