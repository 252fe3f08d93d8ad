// Many idle MQTT 3.1.1 connections in a process of its own, so that the server under test has its descriptors for itself.
// node idle.mjs PORT COUNT: prints "connected N" and goes on pinging; on "count" waits until each
// has had a ping answered and prints "open N"; on "end" disconnects in order and prints "ended N". It needs no package.
import { createConnection } from "node:net";
import { createInterface } from "node:readline";

const port = Number(process.argv[2]), count = Number(process.argv[3]);
const keepAliveSeconds = 120, wave = 250;
const sockets = [];
let isAsked = false, open = 0, connected = 0, started = 0, ended = 0, isEnding = false;
const answered = new Set();
const say = (text) => process.stdout.write(text + "\n");

function connectPacket(index) {
  const id = Buffer.from(`idle-${index}`);
  return Buffer.concat([Buffer.from([0x10, 12 + id.length, 0, 4, 77, 81, 84, 84, 4, 2, 0, keepAliveSeconds, 0, id.length]), id]);
}

function start() {
  const index = started++;
  const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
  sockets.push(socket);
  socket.on("connect", () => socket.write(connectPacket(index)));
  socket.on("data", (bytes) => {
    if (bytes[0] === 0x20) {
      if (bytes[3] !== 0) { say(`refused ${bytes[3]}`); process.exit(1); }
      open++; connected++;
      if (started < count) start();
      if (connected === count) { say(`connected ${connected}`); ping(0); }
    } else if (bytes[0] === 0xd0) {
      answered.add(index);
      tell();
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => { open--; if (isEnding && ++ended === count) { say(`ended ${ended}`); process.exit(0); } });
}

function tell() {
  if (isAsked && answered.size === count) { isAsked = false; say(`open ${open}`); }
}

function ping(from) {
  for (let index = from; index < Math.min(from + wave, count); index++) sockets[index].write(Buffer.from([0xc0, 0]));
  if (!isEnding) setTimeout(() => ping((from + wave) % (Math.ceil(count / wave) * wave)), 50);
}

for (let index = 0; index < Math.min(wave, count); index++) start();
createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "count") { isAsked = true; tell(); }
  if (line === "end") { isEnding = true; for (const socket of sockets) socket.end(Buffer.from([0xe0, 0])); }
}).on("close", () => process.exit(0));
