// The sounds, made by the browser itself. Each priority has its own number and speed of pulses, in the manner of
// IEC 60601-1-8: one can tell them apart without seeing the screen. A lost connection falls, its return rises.
import type { Sound } from '../logic/alerting';

/** Hertz, start and length in seconds. */
type Pulse = readonly [hertz: number, start: number, length: number];

const patterns: Readonly<Record<Sound, readonly Pulse[]>> = {
  emergency: [0, 0.18, 0.36, 0.66, 0.84, 1.2, 1.38, 1.56, 1.86, 2.04].map((start, i): Pulse => [i % 5 < 3 ? 988 : 1319, start, 0.13]),
  high: [[784, 0, 0.15], [784, 0.22, 0.15], [988, 0.44, 0.15], [784, 0.8, 0.15], [988, 1.02, 0.15]],
  medium: [[587, 0, 0.18], [587, 0.3, 0.18], [740, 0.6, 0.18]],
  low: [[523, 0, 0.2]],
  lost: [[440, 0, 0.35], [330, 0.4, 0.35], [220, 0.8, 0.6]],
  back: [[330, 0, 0.16], [440, 0.2, 0.16], [587, 0.4, 0.22]],
};

/** Loudness beside the volume chosen. */
const loudness: Readonly<Record<Sound, number>> = { emergency: 1, high: 0.8, medium: 0.6, low: 0.45, lost: 0.8, back: 0.45 };

/** Rise and fall of a pulse in seconds, so that it does not click. */
const edgeSeconds = 0.012;

export class Tones {
  private readonly context: AudioContext;

  /** @param onState told whenever the browser lets it sound or not. */
  constructor(onState: () => void) {
    this.context = new AudioContext();
    this.context.addEventListener('statechange', onState);
  }

  /** False while the browser waits for a click before it lets a page sound. */
  get isAllowed(): boolean {
    return this.context.state === 'running';
  }

  async allow(): Promise<void> {
    try {
      await this.context.resume();
    } catch {
      // Still not allowed; the page goes on saying so.
    }
  }

  /** Nothing where it is not allowed: it would all be heard at once afterwards. */
  play(sound: Sound, volume: number): void {
    if (!this.isAllowed) {
      return;
    }
    const begin = this.context.currentTime + 0.03;
    for (const [hertz, start, length] of patterns[sound]) {
      this.pulse(hertz, begin + start, length, volume * loudness[sound]);
    }
  }

  close(): void {
    void this.context.close();
  }

  private pulse(hertz: number, start: number, length: number, loud: number): void {
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loud * 0.5, start + edgeSeconds);
    gain.gain.setValueAtTime(loud * 0.5, start + length - edgeSeconds);
    gain.gain.linearRampToValueAtTime(0, start + length);
    gain.connect(this.context.destination);
    // A fundamental with harmonics is heard over fans, also by those who hear high tones badly.
    for (const [harmonic, share] of [[1, 0.7], [2, 0.2], [3, 0.1]] as const) {
      const tone = this.context.createOscillator();
      const level = this.context.createGain();
      level.gain.value = share;
      tone.frequency.value = hertz * harmonic;
      tone.connect(level).connect(gain);
      tone.start(start);
      tone.stop(start + length + edgeSeconds);
    }
  }
}
