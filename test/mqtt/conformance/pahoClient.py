"""A session's whole life with paho-mqtt: `pahoClient.py PORT LEVEL`. Writes what happens, one line each."""

import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

DEADLINE_SECONDS = 10
port, level = int(sys.argv[1]), int(sys.argv[2])


def say(line):
    print(line, flush=True)


class Client:
    """One client whose events are read from a queue, so that nothing has to be slept for."""

    def __init__(self, name):
        self.events = queue.Queue()
        more = {} if level == 5 else {"clean_session": not name.startswith("session")}
        self.paho = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name, protocol=level, **more)
        self.paho.on_connect = lambda _c, _u, flags, reason, _p: self.events.put(("connect", flags, reason))
        self.paho.on_subscribe = lambda *_: self.events.put(("subscribe",))
        self.paho.on_unsubscribe = lambda *_: self.events.put(("unsubscribe",))
        self.paho.on_publish = lambda *_: self.events.put(("publish",))
        self.paho.on_disconnect = lambda *_: self.events.put(("disconnect",))
        self.paho.on_message = lambda _c, _u, message: self.events.put(("message", message))

    def wait(self, kind):
        while True:
            event = self.events.get(timeout=DEADLINE_SECONDS)
            if event[0] == kind:
                return event

    def connect(self):
        more = {}
        if level == 5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 600
            more = {"clean_start": False, "properties": properties}
        self.paho.connect("127.0.0.1", port, **more)
        self.paho.loop_start()
        _, flags, reason = self.wait("connect")
        assert not reason.is_failure, reason
        return flags.session_present

    def publish(self, topic, payload, qos, retain=False):
        self.paho.publish(topic, payload, qos=qos, retain=retain)
        self.wait("publish")

    def show(self):
        message = self.wait("message")[1]
        say(f"{message.topic} qos={message.qos} retain={bool(message.retain)} {message.payload.decode()}")

    def end(self):
        self.paho.disconnect()
        self.wait("disconnect")
        self.paho.loop_stop()


session = Client("session")
other = Client("other")
other.connect()
say(f"connected present={session.connect()}")
session.paho.subscribe([("t/#", 2), ("night", 1), ("will", 1)])
session.wait("subscribe")
say("subscribed")
for qos in (0, 1, 2):
    other.publish(f"t/{qos}", "first", qos)
    session.show()
other.publish("t/2", "kept", 2, retain=True)
session.wait("message")
session.paho.subscribe("t/2", 2)
session.show()
session.paho.unsubscribe(["t/#", "t/2"])
session.wait("unsubscribe")
say("unsubscribed")
session.end()
other.publish("t/1", "nobody", 1)
other.publish("night", "waited", 1)
session = Client("session")
say(f"back present={session.connect()}")
session.show()
doomed = Client("doomed")
doomed.paho.will_set("will", "gone", qos=1)
doomed.paho.connect("127.0.0.1", port)
doomed.paho.loop_start()
doomed.wait("connect")
doomed.paho.socket().close()
session.show()
session.end()
other.end()
say("done")
