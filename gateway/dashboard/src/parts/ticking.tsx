// Times that go on by themselves, each a text of its own: the row around them is drawn again only when its alarm changes.
import { Component, type ComponentChildren, type JSX } from 'preact';
import { span } from '../logic/time';
import { useNow } from '../state/clock';

/** "for 3 min 20 s", of something that began at a Unix second. */
export const Lasting = ({ since }: { readonly since: number }): JSX.Element => <>for {span(useNow().wallMilliseconds / 1000 - since)}</>;

/** "12 min 05 s left", of something that ends at a Unix second. */
export const Remaining = ({ until }: { readonly until: number }): JSX.Element => <>{span(until - useNow().wallMilliseconds / 1000)} left</>;

/** Draws its content again only when one of the values it depends on is another. */
export class Unless extends Component<{ readonly same: readonly unknown[]; readonly draw: () => ComponentChildren }> {
  override shouldComponentUpdate(next: { readonly same: readonly unknown[] }): boolean {
    return next.same.length !== this.props.same.length || next.same.some((value, i) => !Object.is(value, this.props.same[i]));
  }

  override render(): ComponentChildren {
    return this.props.draw();
  }
}
