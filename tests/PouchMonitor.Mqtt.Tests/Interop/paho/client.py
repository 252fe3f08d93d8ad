"""Debian's python3-paho-mqtt, driven by a test: one JSON command a line on standard input, one JSON event a line on
standard output. Commands and events are the same as those of ../npm/client.mjs."""
import json
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

lock = threading.Lock()
client = None
is_v5 = False
publishes = {}
NAMES = {
    "userProperties": "UserProperty", "contentType": "ContentType", "responseTopic": "ResponseTopic",
    "correlationData": "CorrelationData", "payloadFormatIndicator": "PayloadFormatIndicator",
    "messageExpiryInterval": "MessageExpiryInterval", "topicAlias": "TopicAlias",
}


def say(**event):
    with lock:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def to_properties(given, packet_type):
    result = Properties(packet_type)
    for name, value in (given or {}).items():
        if name == "userProperties":
            value = list(value.items())
        elif name == "correlationData":
            value = value.encode()
        elif name == "payloadFormatIndicator":
            value = int(value)
        setattr(result, NAMES[name], value)
    return result


def from_properties(properties):
    result = {}
    for name, paho in NAMES.items():
        if properties is not None and hasattr(properties, paho):
            value = getattr(properties, paho)
            if name == "userProperties":
                value = dict(value)
            elif name == "correlationData":
                value = value.decode()
            elif name == "payloadFormatIndicator":
                value = bool(value)
            result[name] = value
    if properties is not None and hasattr(properties, "SubscriptionIdentifier"):
        result["subscriptionIdentifier"] = properties.SubscriptionIdentifier[0]
    return result


def code(reason):
    return reason.value if hasattr(reason, "value") else reason


def on_connect(_client, _data, flags, reason, properties=None):
    if code(reason) == 0:
        say(event="connected", sessionPresent=bool(flags["session present"]), reason=0)
    else:
        say(event="refused", reason=code(reason))


def on_disconnect(_client, _data, reason, properties=None):
    if properties is not None or (is_v5 and code(reason) >= 0x80):
        say(event="disconnected", reason=code(reason))
    say(event="closed")


def on_message(_client, _data, message):
    say(event="message", topic=message.topic, payload=message.payload.decode(), qos=message.qos, retain=bool(message.retain),
        properties=from_properties(getattr(message, "properties", None)))


def connect(c):
    global client, is_v5
    is_v5 = c["version"] == 5
    options = {"protocol": mqtt.MQTTv5} if is_v5 else {"protocol": mqtt.MQTTv311, "clean_session": c["clean"]}
    transport = "websockets" if c["transport"] in ("ws", "wss") else "tcp"
    client = mqtt.Client(c["clientId"], transport=transport, reconnect_on_failure=False, **options)
    client.max_inflight_messages_set(1000)
    if transport == "websockets":
        client.ws_set_options(path=c["path"])
    if c.get("ca"):
        client.tls_set(c["ca"])
    if c.get("user") is not None:
        client.username_pw_set(c["user"], c.get("password"))
    if c.get("will"):
        will = c["will"]
        properties = to_properties(will.get("properties"), PacketTypes.WILLMESSAGE) if is_v5 else None
        client.will_set(will["topic"], will["payload"], will["qos"], will["retain"], properties=properties)
    client.on_connect = on_connect
    client.on_disconnect = on_disconnect
    client.on_message = on_message
    if is_v5:
        client.on_subscribe = lambda _c, _d, _m, reasons, properties=None: say(event="subscribed", reasons=[code(r) for r in reasons])
    else:
        client.on_subscribe = lambda _c, _d, _m, granted: say(event="subscribed", reasons=list(granted))
    client.on_unsubscribe = lambda *_: say(event="unsubscribed")
    client.on_publish = lambda _c, _d, _m: say(event="published", reason=0)
    if is_v5:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = c.get("sessionExpirySeconds") or 0
        client.connect("127.0.0.1", c["port"], 60, clean_start=c["clean"], properties=properties)
    else:
        client.connect("127.0.0.1", c["port"], 60)
    client.loop_start()


def subscribe(c):
    if is_v5:
        properties = Properties(PacketTypes.SUBSCRIBE)
        if c.get("identifier"):
            properties.SubscriptionIdentifier = c["identifier"]
        client.subscribe(c["filter"], options=mqtt.SubscribeOptions(qos=c["qos"]), properties=properties)
    else:
        client.subscribe(c["filter"], c["qos"])


def publish(c):
    properties = to_properties(c.get("properties"), PacketTypes.PUBLISH) if is_v5 else None
    client.publish(c["topic"], c["payload"], c["qos"], c["retain"], properties=properties)


def disconnect(_):
    client.disconnect()
    client.loop_stop()
    say(event="ended")


COMMANDS = {
    "connect": connect, "subscribe": subscribe, "publish": publish, "disconnect": disconnect,
    "unsubscribe": lambda c: client.unsubscribe(c["filter"]),
}
say(event="ready")
for line in sys.stdin:
    command = json.loads(line)
    COMMANDS[command["command"]](command)
