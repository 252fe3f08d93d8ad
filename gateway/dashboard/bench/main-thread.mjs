// How busy the bench wall keeps the page's main thread, and how soon it shows something.
//   npm run build && node bench/main-thread.mjs [--channels 500] [--seconds 15] [--forms roomy,dense,rows,overview] [--address http://127.0.0.1:8080]
//
// Chromium counts the seconds that its main thread spends in tasks (`TaskDuration`: script, style, layout, painting's main-thread share)
// on the thread's own clock, so that other programs on the machine do not count. Beside it runs the development stand-in, which sends every
// channel once a second with its trend, as the gateway does; with an address, whatever runs there is looked at instead. Busy is thread seconds over wall seconds, after a warm-up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Chromium } from './chromium.mjs';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const channels = Number(argument('channels', 500));
const seconds = Number(argument('seconds', 15));
const forms = argument('forms', 'roomy,dense,rows,overview').split(',');
const warmUpSeconds = 4;
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time * 1000));

async function standIn() {
  const stand = spawn(process.execPath, [new URL('../dev/mock-server.mjs', import.meta.url).pathname, '--channels', String(channels), '--every', '1000', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(stand.stdout.setEncoding('utf8'), 'data');
  return { address: line.match(/http:\S+/)[0], kill: () => stand.kill() };
}

const given = argument('address', null);
const { address, kill } = given === null ? await standIn() : { address: given, kill: () => {} };
const chromium = await Chromium.launch();
try {
  for (const form of forms) {
    const page = await chromium.page({ width: 1440, height: 900 });
    await page.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `localStorage.setItem('pouchmonitor.density', '${form}');
        new MutationObserver((_, watch) => { if (document.querySelector('[data-cell]')) { watch.disconnect(); window.firstChannel = performance.now(); } }).observe(document, { childList: true, subtree: true });`,
    });
    await page.goto(`${address}/`);
    for (let at = 0; at < 300 && !(await page.evaluate('window.firstChannel > 0')); at++) {
      await wait(0.1);
    }
    const paint = await page.evaluate(`JSON.stringify([performance.getEntriesByType('paint').find((entry) => entry.name === 'first-contentful-paint')?.startTime ?? null, window.firstChannel])`);
    const [firstPaint, firstChannel] = JSON.parse(paint);
    const loading = (await page.busySeconds()).TaskDuration;
    await wait(warmUpSeconds);
    const before = await page.busySeconds();
    const start = performance.now();
    await wait(seconds);
    const after = await page.busySeconds();
    const wall = (performance.now() - start) / 1000;
    const share = (name) => `${((100 * (after[name] - before[name])) / wall).toFixed(1)} %`;
    console.log(`${form.padEnd(9)} busy ${share('TaskDuration')} (script ${share('ScriptDuration')}, style ${share('RecalcStyleDuration')}, layout ${share('LayoutDuration')}); `
      + `first paint ${firstPaint?.toFixed(0)} ms, first channel ${firstChannel?.toFixed(0)} ms, ${loading.toFixed(2)} s of the thread; ${after.Nodes} nodes`);
    await page.close();
  }
} finally {
  await chromium.close();
  kill();
}
