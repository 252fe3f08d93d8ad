// Wheel, pinch, drag and double click over a plot's area, as movements of the shown range.
export interface GestureTarget {
  /** Time under an x position within the area, in pixels. */
  readonly timeAt: (x: number) => number;
  readonly zoom: (factor: number, anchorSeconds: number) => void;
  readonly pan: (seconds: number) => void;
  readonly select: (from: number, to: number) => void;
  readonly all: () => void;
  /** True where a wheel without a key held moves the plot and not the page. */
  readonly takesWheel: () => boolean;
  readonly markSelection: (from: number | null, to: number | null) => void;
}

const wheelZoom = 0.0018;
const leastDrag = 4;

export function attachGestures(area: HTMLElement, target: GestureTarget): () => void {
  const pointers = new Map<number, number>();
  let selectingFrom: number | null = null;
  let dragged = 0;

  const x = (event: PointerEvent | WheelEvent | MouseEvent): number => event.clientX - area.getBoundingClientRect().left;

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) {
      return;
    }
    area.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, x(event));
    dragged = 0;
    selectingFrom = event.shiftKey && pointers.size === 1 ? x(event) : null;
  };

  const move = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      return;
    }
    const now = x(event);
    if (selectingFrom !== null) {
      target.markSelection(Math.min(selectingFrom, now), Math.max(selectingFrom, now));
      return;
    }
    dragged += Math.abs(now - before);
    if (pointers.size === 1) {
      if (dragged >= leastDrag) {
        target.pan(target.timeAt(before) - target.timeAt(now));
        pointers.set(event.pointerId, now);
      }
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1] ?? now;
    const apartBefore = Math.max(20, Math.abs(before - other));
    const apartNow = Math.max(20, Math.abs(now - other));
    target.zoom(apartBefore / apartNow, target.timeAt((now + other) / 2));
    pointers.set(event.pointerId, now);
  };

  const up = (event: PointerEvent): void => {
    if (selectingFrom !== null && pointers.has(event.pointerId)) {
      const to = x(event);
      if (event.type === 'pointerup' && Math.abs(to - selectingFrom) >= leastDrag) {
        target.select(target.timeAt(Math.min(selectingFrom, to)), target.timeAt(Math.max(selectingFrom, to)));
      }
      target.markSelection(null, null);
      selectingFrom = null;
    }
    pointers.delete(event.pointerId);
  };

  const wheel = (event: WheelEvent): void => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!event.ctrlKey && !event.metaKey && !sideways && !target.takesWheel()) {
      return;
    }
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (sideways && !event.ctrlKey) {
      const by = (Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY) * unit;
      target.pan(target.timeAt(by) - target.timeAt(0));
    } else {
      const by = Math.max(-400, Math.min(400, event.deltaY * unit)) * (event.ctrlKey && Math.abs(event.deltaY) < 30 ? 5 : 1);
      target.zoom(Math.exp(by * wheelZoom), target.timeAt(x(event)));
    }
  };

  const double = (): void => target.all();
  area.style.touchAction = 'pan-y';
  area.addEventListener('pointerdown', down);
  area.addEventListener('pointermove', move);
  area.addEventListener('pointerup', up);
  area.addEventListener('pointercancel', up);
  area.addEventListener('wheel', wheel, { passive: false });
  area.addEventListener('dblclick', double);
  return () => {
    area.removeEventListener('pointerdown', down);
    area.removeEventListener('pointermove', move);
    area.removeEventListener('pointerup', up);
    area.removeEventListener('pointercancel', up);
    area.removeEventListener('wheel', wheel);
    area.removeEventListener('dblclick', double);
  };
}
