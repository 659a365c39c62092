"""Listens to the fanout exchange "logs"; every subscriber gets every message:  pubsub_subscriber.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("logs", "fanout", durable=True)
    # An exclusive queue with a name chosen by the broker lives as long as this connection.
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "logs")
    print("waiting", flush=True)
    for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no message came")
        print(f"received {body.decode()}", flush=True)
        count -= 1
        if count == 0:
            break
