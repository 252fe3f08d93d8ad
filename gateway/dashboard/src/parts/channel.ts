// What every form of a channel on the wall shares: it listens for its own channel only, renders again when that is another object, and
// off screen only every few seconds.
import { Component, createRef, type JSX, type RefObject } from 'preact';
import type { Alarm } from '../api/types';
import type { CellView } from '../state/reducer';
import { store } from '../state/store';
import { watchVisible } from '../state/visible';

export interface ChannelProps {
  readonly channel: string;
  /** Depth of its heading: a bench's own heading may stand above it. */
  readonly level?: 2 | 3;
}

/** A channel off screen is rendered again at most this often. */
const offScreenMilliseconds = 3000;

const none: readonly Alarm[] = [];

export abstract class Channel<E extends Element, P extends ChannelProps = ChannelProps> extends Component<P, { readonly visible: boolean }> {
  override state = { visible: true };
  protected readonly element: RefObject<E | null> = createRef<E>();
  private view: CellView | undefined;
  private alarms: readonly Alarm[] = none;
  private renderedAt = 0;
  private unwatch: (() => void) | null = null;
  private unsubscribe: (() => void) | null = null;

  override componentDidMount(): void {
    this.unsubscribe = store.subscribe(this.check);
    if (this.element.current) {
      this.unwatch = watchVisible(this.element.current, (visible) => this.state.visible !== visible && this.setState({ visible }));
    }
    this.check();
  }

  override componentWillUnmount(): void {
    this.unwatch?.();
    this.unsubscribe?.();
  }

  override shouldComponentUpdate(next: P, state: { readonly visible: boolean }): boolean {
    return state.visible !== this.state.visible || next.channel !== this.props.channel || next.level !== this.props.level;
  }

  private readonly check = (): void => {
    const view = store.state.cells.get(this.props.channel);
    if (!view) {
      return;
    }
    const alarms = store.state.alarmsByCell.get(view.cell.cell) ?? none;
    if (alarms !== this.alarms || (view !== this.view && (this.state.visible || performance.now() - this.renderedAt > offScreenMilliseconds))) {
      this.forceUpdate();
    }
  };

  override render(): JSX.Element | null {
    // A channel that has just gone keeps what it showed until the wall leaves it out.
    this.view = store.state.cells.get(this.props.channel) ?? this.view;
    if (!this.view) {
      return null;
    }
    this.alarms = store.state.alarmsByCell.get(this.view.cell.cell) ?? none;
    this.renderedAt = performance.now();
    return this.draw(this.view, this.alarms);
  }

  protected abstract draw(view: CellView, alarms: readonly Alarm[]): JSX.Element;
}
