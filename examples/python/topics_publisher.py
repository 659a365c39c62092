"""Publishes one message for each topic given to the topic exchange "topic_logs":

topics_publisher.py TOPIC...
"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.exchange_declare("topic_logs", "topic", durable=True)
    for topic in sys.argv[1:]:
        # A topic is words joined by dots, such as "kern.critical".
        channel.basic_publish(exchange="topic_logs", routing_key=topic, body="it happened")
        print(f"sent {topic}")
