// Reader of server-sent events (text/event-stream). Read here and not by EventSource, because EventSource hides the
// comment lines that prove a quiet connection alive, and cannot tell a dead one from a quiet one.

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/** Longest line and event accepted, characters: a stream that never ends a line must not fill the memory. */
export const eventLengthMax = 16 * 1024 * 1024;

/** Feeds on text in any pieces; calls back once for each complete event. */
export class EventStreamParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private dataLength = 0;
  private id: string | null = null;

  constructor(private readonly onEvent: (event: StreamEvent) => void) {}

  /** Takes the next piece. Throws when a line or an event is longer than {@link eventLengthMax}. */
  push(piece: string): void {
    const text = this.rest + piece;
    let start = 0;
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end < 0) {
        break;
      }
      const line = text.charCodeAt(end - 1) === 13 && end > start ? text.slice(start, end - 1) : text.slice(start, end);
      this.line(line);
      start = end + 1;
    }
    this.rest = text.slice(start);
    if (this.rest.length > eventLengthMax) {
      throw new RangeError(`stream line longer than ${eventLengthMax} characters`);
    }
  }

  private line(line: string): void {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      return;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) {
      value = value.slice(1);
    }
    if (field === 'data') {
      this.dataLength += value.length;
      if (this.dataLength > eventLengthMax) {
        throw new RangeError(`stream event longer than ${eventLengthMax} characters`);
      }
      this.data.push(value);
    } else if (field === 'event') {
      this.event = value;
    } else if (field === 'id') {
      this.id = value;
    }
  }

  private dispatch(): void {
    if (this.data.length > 0) {
      this.onEvent({ event: this.event === '' ? 'message' : this.event, data: this.data.join('\n'), id: this.id });
    }
    this.event = '';
    this.data = [];
    this.dataLength = 0;
  }
}
