"""Answers requests for Fibonacci numbers that arrive in the queue "rpc":  rpc_server.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.queue_declare("rpc")
    channel.basic_qos(prefetch_count=1)
    print("waiting", flush=True)
    for method, request, body in channel.consume("rpc", inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no request came")
        n = int(body)
        # The request names the queue to answer to; its correlation id tells the client which question this is.
        channel.basic_publish(
            exchange="",
            routing_key=request.reply_to,
            body=str(fibonacci(n)),
            properties=pika.BasicProperties(correlation_id=request.correlation_id),
        )
        print(f"answered {n}", flush=True)
        channel.basic_ack(method.delivery_tag)
        count -= 1
        if count == 0:
            break
