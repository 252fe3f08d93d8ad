// A question in front of the page: the rest of the page cannot be reached until it is answered; Esc leaves it.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ModalProps {
  readonly class?: string;
  /** Id of the heading that names it. */
  readonly titledBy: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Modal({ class: name = '', titledBy, onClose, children }: ModalProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const leaving = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      leaving.current = true;
      element?.close();
      // Where the focus was, as long as that still exists: the row that was worked on.
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
  return <dialog ref={dialog} class={name} onClose={() => leaving.current || onClose()} aria-labelledby={titledBy}>{children}</dialog>;
}
