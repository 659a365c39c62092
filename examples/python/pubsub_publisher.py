"""Broadcasts to everyone who listens to the fanout exchange "logs":  pubsub_publisher.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("logs", "fanout", durable=True)
    for i in range(1, count + 1):
        # A fanout exchange ignores the routing key. With nobody listening the message is dropped.
        channel.basic_publish(exchange="logs", routing_key="", body=f"news {i}")
        print(f"sent news {i}")
