"""Deletes the queues and exchanges that the other examples leave behind:  cleanup.py"""

import os

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    # Deleting what is not there is no error.
    for queue in "hello", "tasks", "rpc":
        channel.queue_delete(queue)
    for exchange in "logs", "direct_logs", "topic_logs":
        channel.exchange_delete(exchange)
    print("clean")
