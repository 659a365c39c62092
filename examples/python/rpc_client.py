"""Asks the server behind the queue "rpc" for Fibonacci numbers:  rpc_client.py N..."""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
if len(sys.argv) < 2:
    sys.exit(__doc__)

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    reply_queue = channel.queue_declare("", exclusive=True).method.queue
    # Ask everything at once; the correlation id tells which answer belongs to which question.
    questions = {}
    for i, n in enumerate(sys.argv[1:]):
        question = pika.BasicProperties(reply_to=reply_queue, correlation_id=f"question-{i}")
        questions[question.correlation_id] = n
        channel.basic_publish(exchange="", routing_key="rpc", body=n, properties=question)
    for method, answer, body in channel.consume(reply_queue, auto_ack=True, inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no answer came")
        n = questions.pop(answer.correlation_id, None)
        if n is not None:
            print(f"fibonacci({n}) = {body.decode()}")
        if not questions:
            break
