"""Receives greetings from the queue "hello":  hello_consumer.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.queue_declare("hello")
    print("waiting", flush=True)
    for method, _, body in channel.consume("hello", auto_ack=True, inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no message came")
        print(f"received {body.decode()}", flush=True)
        count -= 1
        if count == 0:
            break
