// The npm package mqtt, driven by a test: one JSON command a line on standard input, one JSON event a line on standard output.
// Commands and events are the same as those of ../paho/client.py.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

let client;
const say = (event) => process.stdout.write(JSON.stringify(event) + "\n");

function toProperties(p) {
  if (!p) return undefined;
  const result = { ...p };
  if (p.correlationData !== undefined) result.correlationData = Buffer.from(p.correlationData, "utf8");
  return result;
}

function fromProperties(p) {
  if (!p) return {};
  const result = { ...p, userProperties: p.userProperties && { ...p.userProperties } };
  if (p.correlationData) result.correlationData = p.correlationData.toString("utf8");
  return result;
}

const commands = {
  connect(c) {
    const isV5 = c.version === 5;
    const options = {
      host: "127.0.0.1", port: c.port, protocol: c.transport, path: c.path, ca: c.ca && readFileSync(c.ca),
      protocolVersion: c.version, clientId: c.clientId, clean: c.clean, username: c.user, password: c.password,
      reconnectPeriod: 0, connectTimeout: 60000, keepalive: 60,
      properties: isV5 ? { sessionExpiryInterval: c.sessionExpirySeconds } : undefined,
      will: c.will && {
        topic: c.will.topic, payload: Buffer.from(c.will.payload), qos: c.will.qos, retain: c.will.retain,
        properties: isV5 ? { willDelayInterval: 0, ...toProperties(c.will.properties) } : undefined,
      },
    };
    client = mqtt.connect(options);
    client.on("connect", (ack) => say({ event: "connected", sessionPresent: ack.sessionPresent, reason: ack.reasonCode ?? ack.returnCode }));
    client.on("error", (error) => say({ event: "refused", reason: error.code, text: error.message }));
    client.on("disconnect", (packet) => say({ event: "disconnected", reason: packet.reasonCode }));
    client.on("close", () => say({ event: "closed" }));
    client.on("message", (topic, payload, packet) => say({
      event: "message", topic, payload: payload.toString("utf8"), qos: packet.qos, retain: packet.retain, properties: fromProperties(packet.properties),
    }));
  },
  subscribe(c) {
    const options = { qos: c.qos, properties: c.identifier ? { subscriptionIdentifier: c.identifier } : undefined };
    client.subscribe(c.filter, options, (error, granted, packet) => say({ event: "subscribed", reasons: packet?.granted ?? granted.map((g) => g.qos) }));
  },
  unsubscribe(c) {
    client.unsubscribe(c.filter, () => say({ event: "unsubscribed" }));
  },
  publish(c) {
    const options = { qos: c.qos, retain: c.retain, properties: toProperties(c.properties) };
    client.publish(c.topic, c.payload, options, (error, packet) => say({ event: "published", reason: error?.code ?? packet?.reasonCode ?? 0 }));
  },
  disconnect() {
    client.end(false, {}, () => say({ event: "ended" }));
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  commands[command.command](command);
}).on("close", () => process.exit(0));
say({ event: "ready" });
