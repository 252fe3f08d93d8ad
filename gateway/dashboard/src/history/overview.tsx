// The whole test as a strip, with the shown range as a window that can be dragged and pulled at its edges.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { plotColours } from '../plots/theme';
import type { Piece } from './tiles';
import { lengthOf, panned, within, type Range } from './view';

interface Props {
  readonly outline: Piece | null;
  readonly whole: Range;
  readonly range: Range;
  readonly left: number;
  readonly width: number;
  readonly theme: number;
  readonly onRange: (range: Range) => void;
}

const height = 44;
/** Reach of an edge for a pointer, pixels. */
const reach = 10;

export function Overview({ outline, whole, range, left, width, theme, onRange }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ mode: 'pan' | 'left' | 'right'; x: number } | null>(null);
  const scale = width / Math.max(lengthOf(whole), 1e-3);
  const windowLeft = Math.max(0, (range.from - whole.from) * scale);
  const windowRight = Math.min(width, (range.to - whole.from) * scale);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width < 2) {
      return;
    }
    const ratio = window.devicePixelRatio || 1;
    element.width = width * ratio;
    element.height = height * ratio;
    context.scale(ratio, ratio);
    if (outline) {
      drawOutline(context, outline, whole, width);
    }
  }, [outline, whole.from, whole.to, width, theme]);

  const x = (event: PointerEvent): number => event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
  const down = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const at = x(event);
    const isNarrow = windowRight - windowLeft < 3 * reach;
    if (!isNarrow && Math.abs(at - windowLeft) < reach) {
      drag.current = { mode: 'left', x: at };
    } else if (!isNarrow && Math.abs(at - windowRight) < reach) {
      drag.current = { mode: 'right', x: at };
    } else {
      if (at < windowLeft - reach || at > windowRight + reach) {
        const middle = whole.from + at / scale;
        onRange(within({ from: middle - lengthOf(range) / 2, to: middle + lengthOf(range) / 2 }, whole));
      }
      drag.current = { mode: 'pan', x: at };
    }
  };
  const move = (event: PointerEvent): void => {
    if (!drag.current) {
      return;
    }
    const at = x(event);
    const by = (at - drag.current.x) / scale;
    drag.current.x = at;
    const { mode } = drag.current;
    onRange(mode === 'pan' ? panned(range, by, whole) : within(mode === 'left' ? { from: Math.min(range.from + by, range.to - 0.5), to: range.to } : { from: range.from, to: Math.max(range.to + by, range.from + 0.5) }, whole));
  };
  const up = (): void => {
    drag.current = null;
  };
  return (
    <div class="overview" style={{ marginLeft: `${left}px`, width: `${width}px`, height: `${height}px` }} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up} role="img" aria-label="Voltage of the whole test with the range that is shown; the keys of the plot move it">
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
      <div class="overview-shade" style={{ left: 0, width: `${windowLeft}px` }} />
      <div class="overview-shade" style={{ left: `${windowRight}px`, width: `${Math.max(0, width - windowRight)}px` }} />
      <div class="overview-window" style={{ left: `${Math.max(0, Math.min(width - 3, windowLeft))}px`, width: `${Math.max(3, windowRight - windowLeft)}px` }} />
    </div>
  );
}

function drawOutline(context: CanvasRenderingContext2D, outline: Piece, whole: Range, width: number): void {
  const { low, high } = outline.columns.voltageV;
  let least = Infinity;
  let most = -Infinity;
  low.forEach((value, at) => {
    least = value < least ? value : least;
    most = high[at]! > most ? high[at]! : most;
  });
  const tall = Math.max(most - least, 1e-3);
  const y = (value: number): number => 3 + (height - 6) * (1 - (value - least) / tall);
  context.strokeStyle = plotColours().voltage;
  context.lineWidth = Math.max(1, width / Math.max(1, low.length));
  context.beginPath();
  outline.time.forEach((time, at) => {
    if (!Number.isNaN(low[at]!)) {
      const at_ = ((time - whole.from) / lengthOf(whole)) * width;
      context.moveTo(at_, y(high[at]!) - 0.6);
      context.lineTo(at_, y(low[at]!) + 0.6);
    }
  });
  context.stroke();
}
