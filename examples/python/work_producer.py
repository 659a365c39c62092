"""Puts tasks into the durable queue "tasks", to be shared among workers:  work_producer.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    # A durable queue and persistent messages: both are there again after the broker restarts.
    channel.queue_declare("tasks", durable=True)
    persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
    for i in range(1, count + 1):
        channel.basic_publish(exchange="", routing_key="tasks", body=f"task {i}", properties=persistent)
        print(f"sent task {i}")
