"""Sends greetings to the queue "hello":  hello_producer.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    # Either side may come first: declaring a queue that exists already changes nothing.
    channel.queue_declare("hello")
    for i in range(1, count + 1):
        # The default exchange, named "", leads to the queue called like the routing key.
        channel.basic_publish(exchange="", routing_key="hello", body=f"hello {i}")
        print(f"sent hello {i}")
