"""Publishes and lets the broker confirm each message; then one message that no queue wants:  confirms.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
count = int(sys.argv[1]) if len(sys.argv) > 1 else 100

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    # From now on basic_publish returns only when the broker has confirmed the message; a refusal raises NackError.
    channel.confirm_delivery()
    for i in range(1, count + 1):
        channel.basic_publish(exchange="", routing_key=queue, body=f"message {i}")
    print(f"confirmed {count}")

    # A mandatory message that reaches no queue comes back.
    try:
        channel.basic_publish(exchange="", routing_key="no-such-queue", body="lost", mandatory=True)
        sys.exit("confirmed, yet never returned")
    except pika.exceptions.UnroutableError as e:
        for message in e.messages:
            method = message.method
            print(f"returned {message.body.decode()}: {method.reply_code} {method.reply_text}")
