"""Publishes one message for each severity given to the direct exchange "direct_logs":

routing_publisher.py SEVERITY...
"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("direct_logs", "direct", durable=True)
    for severity in sys.argv[1:]:
        # A direct exchange leads to the queues bound with exactly this routing key.
        channel.basic_publish(exchange="direct_logs", routing_key=severity, body="it happened")
        print(f"sent {severity}")
