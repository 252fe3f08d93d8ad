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
  /** Pieces of the line that has not ended yet: a list of all channels comes in dozens of them, and none is read twice. */
  private pieces: string[] = [];
  private piecesLength = 0;
  private event = '';
  private data: string[] = [];
  private dataLength = 0;
  private id: string | null = null;

  constructor(private readonly onEvent: (event: StreamEvent) => void) {}

  /** Takes the next piece. Throws when a line or an event is longer than {@link eventLengthMax}. */
  push(piece: string): void {
    let start = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      const tail = piece.slice(start, end);
      const line = this.pieces.length === 0 ? tail : this.pieces.join('') + tail;
      this.pieces = [];
      this.piecesLength = 0;
      this.line(line.endsWith('\r') ? line.slice(0, -1) : line);
      start = end + 1;
    }
    if (start < piece.length) {
      this.pieces.push(start === 0 ? piece : piece.slice(start));
      this.piecesLength += piece.length - start;
    }
    if (this.piecesLength > eventLengthMax) {
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
