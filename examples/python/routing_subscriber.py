"""Receives the messages of the given severities from the direct exchange "direct_logs":

routing_subscriber.py COUNT SEVERITY...
"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
if len(sys.argv) < 3:
    sys.exit(__doc__)
count, severities = int(sys.argv[1]), sys.argv[2:]

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("direct_logs", "direct", durable=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    for severity in severities:
        channel.queue_bind(queue, "direct_logs", severity)
    print("waiting", flush=True)
    for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no message came")
        print(f"received {method.routing_key}: {body.decode()}", flush=True)
        count -= 1
        if count == 0:
            break
