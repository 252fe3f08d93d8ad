// One channel as a small box of the overview: hundreds fit on a screen. Grey shade says how large its figure is among all, shape and
// colour say what is wrong.
import type { JSX } from 'preact';
import type { Alarm } from '../api/types';
import { compareAlarms, isActive, isOpen, severityWords } from '../logic/alarms';
import { faultOf, stateWords } from '../logic/cells';
import { figures, shadeOf, type FigureName } from '../logic/overview';
import { freshness } from '../logic/staleness';
import type { CellView } from '../state/reducer';
import { cellHref } from '../state/route';
import { Channel, type ChannelProps } from './channel';
import { useAge } from './age';
import { SeverityIcon, StateIcon } from './icons';

interface BoxProps extends ChannelProps {
  readonly figure: FigureName;
}

export class ChannelBox extends Channel<HTMLLIElement, BoxProps> {
  override shouldComponentUpdate(next: BoxProps, state: { readonly visible: boolean }): boolean {
    return super.shouldComponentUpdate(next, state) || next.figure !== this.props.figure;
  }

  protected override draw(view: CellView, alarms: readonly Alarm[]): JSX.Element {
    const { cell } = view;
    const open = alarms.filter(isOpen).sort(compareAlarms);
    const worst = open.find(isActive) ?? open[0];
    const figure = figures[this.props.figure];
    const fault = figure.column === null ? null : faultOf(cell, figure.column);
    const value = figure.value(cell);
    return (
      <li ref={this.element} class={`box ${worst ? `sev-${worst.severity} is-${worst.state}` : ''}`} data-cell={cell.cell}>
        <Shaded view={view} shade={shadeOf(this.props.figure, value)} ticking={this.state.visible}>
          <a href={cellHref(cell.cell)} title={cell.cell}>
            {worst ? <SeverityIcon severity={worst.severity} filled={worst.state === 'unacknowledged'} size={15} /> : <StateIcon state={cell.state} />}
            <span class="box-name">{cell.cell}</span>
            <span class="visually-hidden"> {stateWords[cell.state]}{worst ? `, ${severityWords[worst.severity]}` : ''}, </span>
            <span class="box-value">{fault !== null && fault !== 'absent' ? 'fault' : figure.text(value)}<span class="visually-hidden"> {figure.unit}</span></span>
          </a>
        </Shaded>
      </li>
    );
  }
}

/** The ground of the box: its shade, and its freshness, which changes by itself. */
function Shaded({ view, shade, ticking, children }: { readonly view: CellView; readonly shade: number; readonly ticking: boolean; readonly children: JSX.Element }): JSX.Element {
  const { age } = useAge(view, ticking);
  const mark = view.cell.state === 'ended' ? 'over' : freshness(age, view.cell.silent);
  return <div class={`box-body is-${mark} shade-${shade}`}>{children}</div>;
}
