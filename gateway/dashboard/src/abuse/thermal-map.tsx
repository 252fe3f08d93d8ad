// The newest infrared image: each pixel its colour and its number, with the scale and the hottest place.
import type { JSX } from 'preact';
import type { AbuseImage } from '../api/abuse-types';
import { celsius, fixed } from '../logic/format';
import { span } from '../logic/time';
import { clock } from '../state/clock';
import { abuseEvents } from '../state/abuse-events';
import type { AbuseFeed } from '../state/abuse-feed';
import { useFeed, useTick } from './context';

/** Dark to light in even steps of lightness, so that it reads without colour too (after "inferno" of matplotlib, CC0). */
const ramp: readonly (readonly [number, number, number])[] = [
  [0, 0, 4], [31, 12, 72], [85, 15, 109], [136, 34, 106], [186, 54, 85], [227, 89, 51], [249, 140, 10], [249, 201, 50], [252, 255, 164],
];

/** No narrower than this, so that a cell at rest does not look as if it had hot spots, K. */
const leastSpanK = 10;

export function colourAt(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(place));
  const [from, to] = [ramp[i], ramp[i + 1]];
  return `rgb(${[0, 1, 2].map((k) => Math.round((from?.[k] ?? 0) + ((to?.[k] ?? 0) - (from?.[k] ?? 0)) * (place - i))).join(' ')})`;
}

export function scaleOf(image: AbuseImage): { readonly least: number; readonly most: number; readonly hottest: number } {
  const least = Math.min(...image.temperaturesC);
  const most = Math.max(...image.temperaturesC);
  return { least: Math.floor(least), most: Math.max(Math.ceil(most), Math.floor(least) + leastSpanK), hottest: image.temperaturesC.indexOf(most) };
}

/** From this on the image is said to be old, s. */
const oldSeconds = 3;

export function ThermalMap({ feed, isMoving }: { readonly feed: AbuseFeed; readonly isMoving: boolean }): JSX.Element | null {
  useFeed(feed, 'image');
  useTick(1000);
  const { image } = feed;
  if (!image || image.temperaturesC.length === 0 || image.temperaturesC.length !== image.rows * image.columns) {
    return null;
  }
  const { least, most, hottest } = scaleOf(image);
  const warmest = image.temperaturesC[hottest] ?? 0;
  const age = abuseEvents.gatewaySeconds - image.at;
  const isOld = isMoving && age > oldSeconds;
  const share = (value: number): number => (value - least) / (most - least);
  return (
    <section class={`panel abuse-map ${isOld ? 'is-old' : ''}`} aria-labelledby="map-title">
      <h2 id="map-title">Infrared <span class="map-most">{celsius(warmest)} °C <small>highest</small></span></h2>
      <div class="map-body">
        <svg viewBox={`0 0 ${image.columns * 10} ${image.rows * 10}`} role="img" aria-label={`Infrared image, ${image.rows} by ${image.columns}: ${celsius(Math.min(...image.temperaturesC))} to ${celsius(warmest)} °C, hottest in row ${Math.floor(hottest / image.columns) + 1}, column ${(hottest % image.columns) + 1}`}>
          {image.temperaturesC.map((value, i) => {
            const x = (i % image.columns) * 10;
            const y = Math.floor(i / image.columns) * 10;
            return <g key={i}><rect x={x} y={y} width="10.05" height="10.05" fill={colourAt(share(value))} /><text x={x + 5} y={y + 6.4} fill={share(value) > 0.62 ? '#000' : '#fff'}>{fixed(value, 0)}</text></g>;
          })}
          <rect class="map-hottest" x={(hottest % image.columns) * 10 + 0.4} y={Math.floor(hottest / image.columns) * 10 + 0.4} width="9.2" height="9.2" />
        </svg>
        <div class="map-scale" aria-hidden="true">
          <svg viewBox="0 0 10 90" preserveAspectRatio="none">{ramp.map((_, i) => <rect key={i} x="0" y={80 - i * 10} width="10" height="10.2" fill={colourAt(i / (ramp.length - 1))} />)}</svg>
          <span>{most} °C</span><span>{Math.round((most + least) / 2)}</span><span>{least} °C</span>
        </div>
      </div>
      <p class="hint">{isMoving ? (isOld ? `${span(age)} old` : 'now') : `hottest of the images after the trigger, ${clock.timeOfDay(image.at)} ${clock.zoneName}`}, °C, hottest pixel framed</p>
    </section>
  );
}
