// The siren of an abuse test: one tone that rises and falls without a pause. The alarm desk calls in separate pulses of fixed pitch
// (see tones.ts), so nobody can take the one for the other, also with both sounding.

/** Lowest and highest pitch, Hz: below what ear protection and a wall take away most. */
const lowHertz = 450;
const highHertz = 1150;
/** Rises and falls a second. */
const sweepsHertz = 1.6;
/** Rise and fall of the loudness, s, so that it does not click. */
const edgeSeconds = 0.03;

export class Siren {
  private context: AudioContext | null = null;
  private gain: GainNode | null = null;
  private nodes: OscillatorNode[] = [];

  /** @param onState told whenever the browser lets it sound or not. */
  constructor(private readonly onState: () => void) {}

  /** False while the browser waits for a click or a key before it lets the page sound. */
  get isAllowed(): boolean {
    return this.context === null ? (navigator.userActivation?.hasBeenActive ?? false) : this.context.state === 'running';
  }

  /** Asks the browser; to be called from a click or a key. */
  async allow(): Promise<void> {
    try {
      await this.open().resume();
    } catch {
      // Still not allowed; the page goes on saying so.
    }
    this.onState();
  }

  /** Opens the way to the loudspeaker, which can hold the page up for a second: to be done before the screen has to turn red. */
  prepare(): void {
    const context = this.open();
    if (context.state === 'suspended' && (navigator.userActivation?.hasBeenActive ?? false)) {
      void this.allow();
    }
  }

  /** Sounds until {@link stop}; also when the browser lets it only later. */
  start(): void {
    if (this.gain !== null) {
      return;
    }
    const context = this.open();
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, context.currentTime);
    gain.gain.linearRampToValueAtTime(0.4, context.currentTime + edgeSeconds);
    gain.connect(context.destination);
    const tone = context.createOscillator();
    tone.type = 'sawtooth';
    tone.frequency.value = (lowHertz + highHertz) / 2;
    const sweep = context.createOscillator();
    sweep.type = 'triangle';
    sweep.frequency.value = sweepsHertz;
    const depth = context.createGain();
    depth.gain.value = (highHertz - lowHertz) / 2;
    sweep.connect(depth).connect(tone.frequency);
    tone.connect(gain);
    tone.start();
    sweep.start();
    this.gain = gain;
    this.nodes = [tone, sweep];
    void this.allow();
  }

  stop(): void {
    const { context, gain } = this;
    if (!context || !gain) {
      return;
    }
    const end = context.currentTime + edgeSeconds;
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setTargetAtTime(0, context.currentTime, edgeSeconds / 3);
    for (const node of this.nodes) {
      node.stop(end);
    }
    this.nodes = [];
    this.gain = null;
  }

  /** A second of it, so that people know it and know that it works. */
  test(): void {
    if (this.gain !== null) {
      return;
    }
    this.start();
    setTimeout(() => this.stop(), 1000);
  }

  close(): void {
    this.stop();
    void this.context?.close();
    this.context = null;
  }

  private open(): AudioContext {
    if (this.context === null) {
      this.context = new AudioContext();
      this.context.addEventListener('statechange', this.onState);
    }
    return this.context;
  }
}
