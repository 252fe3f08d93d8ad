// Which tiles are on screen: one observer for all of them, so that hundreds of channels cost only what is looked at.

type Listener = (visible: boolean) => void;

const listeners = new WeakMap<Element, Listener>();

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      listeners.get(entry.target)?.(entry.isIntersecting);
    }
  },
  { rootMargin: '200px' },
);

/** Tells whether the element is on screen or close to it, until the returned function is called. */
export function watchVisible(element: Element, listener: Listener): () => void {
  listeners.set(element, listener);
  observer.observe(element);
  return () => {
    observer.unobserve(element);
    listeners.delete(element);
  };
}
