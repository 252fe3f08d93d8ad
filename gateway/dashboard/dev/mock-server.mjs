// DEVELOPMENT AID, never part of the product: answers the gateway's HTTP contract from a made-up bench, so that the pages
// can be worked on without a gateway. Serves the built pages too, under the gateway's content security policy.
//   node dev/mock-server.mjs [--port N] [--channels N] [--every MS] [--empty] [--quiet] [--flood] [--month]
import { createServer } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { MockBench } from './mock-bench.mjs';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const has = (name) => process.argv.includes(`--${name}`);
// With --month, cycles of twelve hours over 30 days at 1 Hz; else of a minute.
const bench = new MockBench(has('empty') ? 0 : argument('channels', 9), ...(has('month') ? [43_200, 60] : []));
if (has('quiet') || has('empty')) bench.alarms.clear();
const files = new URL('../../PouchMonitor.Gateway/wwwroot/', import.meta.url).pathname;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const security = { 'Content-Security-Policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'", 'X-Content-Type-Options': 'nosniff' };

const json = (response, status, body) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...security });
  response.end(JSON.stringify(body));
};

// Each page's part of the API stands in `dev/parts/NAME.mjs`: `export async function answer({ method, path, url, body, bench })`
// gives `[status, body]`, or undefined where it is not its own; `begin(bench)`, where there is one, is called once before.
const partsFolder = new URL('./parts/', import.meta.url);
const parts = await Promise.all((await readdir(partsFolder).catch(() => [])).filter((name) => name.endsWith('.mjs')).map((name) => import(new URL(name, partsFolder))));
for (const part of parts) part.begin?.(bench);
const find = (name) => bench.cells.find((cell) => cell.cell === name);

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const number = (name) => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : null);
  if (path[0] !== 'api') return file(url.pathname, response);
  const [, , what, id, part] = path;
  if (what === 'stream') return stream(request, response);
  if (what === 'cells' && !id) return json(response, 200, bench.cells.map((cell) => bench.view(cell)));
  if (what === 'cells') {
    const cell = find(id);
    if (!cell) return json(response, 404, { error: `There is no cell named ${id}.` });
    if (part === 'cycles') return json(response, 200, bench.cycles(cell));
    if (part === 'findings') return json(response, 200, bench.findings(cell));
    if (part === 'samples') return json(response, 200, bench.samples(cell, number('from'), number('to'), number('points') ?? 600));
  }
  if (what === 'alarms' && !id && request.method === 'GET') return json(response, 200, [...bench.alarms.values()]);
  if (what === 'alarms' && path[5] === 'acknowledge') {
    let text = '';
    for await (const piece of request) text += piece;
    const { by, note } = JSON.parse(text);
    return json(response, ...bench.acknowledge(`${path[3]}/${path[4]}`, by, note));
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const type = request.headers['content-type'] ?? '';
  const body = bytes.length > 0 && type.startsWith('application/json') ? JSON.parse(bytes.toString()) : null;
  for (const part of parts) {
    const answered = await part.answer({ method: request.method, path: path.slice(2), url, body, bytes, type, bench });
    if (!answered) continue;
    // A third one names a media type: the body is then sent as it is.
    if (!answered[2]) return json(response, ...answered);
    response.writeHead(answered[0], { 'Content-Type': answered[2], ...security });
    return response.end(answered[1]);
  }
  return json(response, 404, { error: `There is nothing at ${url.pathname}.` });
}

async function file(path, response) {
  const name = path === '/' ? 'index.html' : normalize(path).replace(/^\/+/, '');
  try {
    const body = await readFile(join(files, name));
    response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', ...security });
    response.end(body);
  } catch {
    json(response, 404, { error: `There is no file ${name}.` });
  }
}

let eventId = 0;
function stream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', ...security });
  const send = (event, data) => response.write(`id: ${++eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  send('hello', { serverTime: Date.now() / 1000, version: 'development stand-in', mqtt: '127.0.0.1:1883' });
  send('cells', bench.cells.map((cell) => bench.view(cell)));
  const moving = bench.cells.filter((cell) => cell.stoppedAt === null);
  const ticks = setInterval(() => moving.length > 0 && send('cells', moving.map((cell) => bench.view(cell))), argument('every', 500));
  const alive = setInterval(() => response.write(': alive\n\n'), 5000);
  const tell = (body, event = 'alarm') => send(event, body);
  bench.listeners.add(tell);
  request.on('close', () => {
    clearInterval(ticks);
    clearInterval(alive);
    bench.listeners.delete(tell);
  });
}

if (has('flood')) {
  setInterval(() => {
    const cell = bench.cells[Math.floor(Math.random() * bench.cells.length)];
    const severity = ['advisory', 'warning', 'critical', 'emergency'][Math.floor(Math.random() * 4)];
    bench.raise(cell.cell, 'voltage-limit', severity, 4.41, 4.35, 'V', 'Voltage at 4.410 V; the limit is 4.350 V.');
  }, 400).unref();
}

const server = createServer((request, response) => {
  answer(request, response).catch((cause) => json(response, 500, { error: String(cause) }));
});
server.listen(argument('port', 5199), '127.0.0.1', () => console.log(`development stand-in http://127.0.0.1:${server.address().port}`));
