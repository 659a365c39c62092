"""Receives the messages whose topic matches one of the patterns from the topic exchange "topic_logs":

topics_subscriber.py COUNT PATTERN...
"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
if len(sys.argv) < 3:
    sys.exit(__doc__)
count, patterns = int(sys.argv[1]), sys.argv[2:]

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("topic_logs", "topic", durable=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    for pattern in patterns:
        # In a pattern * stands for exactly one word, # for any number of words, even none.
        channel.queue_bind(queue, "topic_logs", pattern)
    print("waiting", flush=True)
    for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no message came")
        print(f"received {method.routing_key}: {body.decode()}", flush=True)
        count -= 1
        if count == 0:
            break
