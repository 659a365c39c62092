"""Answers requests for Fibonacci numbers that arrive in the queue "rpc":  rpc_server.py [count]"""

import os
import sys

from proton import Message, Timeout
from proton.utils import BlockingConnection, SendException

from management import Management

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


connection = BlockingConnection(URL, timeout=PATIENCE)
Management(connection).declare("rpc")
receiver = connection.create_receiver("/queues/rpc", credit=1)
# A sender to nowhere in particular: each message says itself where it goes.
sender = connection.create_sender(None)
print("waiting", flush=True)
try:
    for _ in range(count):
        request = receiver.receive()
        answer = str(fibonacci(int(request.body)))
        # The request names the address to answer to; its correlation id tells the client which question this is.
        reply = Message(address=request.reply_to, correlation_id=request.correlation_id, body=answer)
        try:
            sender.send(reply)
        except SendException:
            pass  # the client is gone, and its queue with it
        print(f"answered {request.body}", flush=True)
        receiver.accept()
except Timeout:
    sys.exit("no request came")
connection.close()
