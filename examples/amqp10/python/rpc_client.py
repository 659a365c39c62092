"""Asks the server behind the queue "rpc" for Fibonacci numbers:  rpc_client.py N..."""

import os
import sys

from proton import Message, Timeout
from proton.utils import BlockingConnection

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
if len(sys.argv) < 2:
    sys.exit(__doc__)

connection = BlockingConnection(URL, timeout=PATIENCE)
# A queue that the broker makes for this receiver and deletes with it; the broker chooses its address.
receiver = connection.create_receiver(None, dynamic=True, credit=10)
reply_to = receiver.remote_source.address
sender = connection.create_sender("/queues/rpc")
# Ask everything at once; the correlation id tells which answer belongs to which question.
questions = {}
for i, n in enumerate(sys.argv[1:]):
    questions[f"question-{i}"] = n
    sender.send(Message(reply_to=reply_to, correlation_id=f"question-{i}", body=n))
try:
    while questions:
        answer = receiver.receive()
        receiver.accept()
        n = questions.pop(answer.correlation_id, None)
        if n is not None:
            print(f"fibonacci({n}) = {answer.body}")
except Timeout:
    sys.exit("no answer came")
connection.close()
