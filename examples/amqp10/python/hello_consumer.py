"""Receives greetings from the queue "hello":  hello_consumer.py [count]"""

import os
import sys

from proton import Timeout
from proton.utils import BlockingConnection

from management import Management

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

connection = BlockingConnection(URL, timeout=PATIENCE)
Management(connection).declare("hello")
# The credit says how many messages the broker may send ahead of what was received.
receiver = connection.create_receiver("/queues/hello", credit=10)
print("waiting", flush=True)
try:
    for _ in range(count):
        message = receiver.receive()
        print(f"received {message.body}", flush=True)
        # The queue keeps a message until it is accepted; what is not goes back when the connection ends.
        receiver.accept()
except Timeout:
    sys.exit("no message came")
connection.close()
