// Turns the whole screen red, past every component: an attribute of the document that the style sheet knows, set in the very call in
// which the message came, so that the next frame is red. The mark and the attributes tell when that was.

let redId: string | null = null;

// What is painted by hand takes its colours anew once the red has been shown: a plot must not hold it up.
function repaint(): void {
  requestAnimationFrame(() => setTimeout(() => document.dispatchEvent(new Event('pouchmonitor-theme'))));
}

/** `data-abuse-red` names the session, `data-abuse-red-at` the moment, Unix milliseconds; the mark `abuse-red` is on the page's clock. */
export function showRed(id: string, isRed: boolean): void {
  const root = document.documentElement;
  if (isRed && redId !== id) {
    redId = id;
    root.dataset['abuseRed'] = id;
    root.dataset['abuseRedAt'] = String(performance.timeOrigin + performance.now());
    performance.mark('abuse-red');
    repaint();
  } else if (!isRed && redId === id) {
    redId = null;
    delete root.dataset['abuseRed'];
    delete root.dataset['abuseRedAt'];
    repaint();
  }
}
