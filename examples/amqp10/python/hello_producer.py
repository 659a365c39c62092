"""Sends greetings to the queue "hello":  hello_producer.py [count]"""

import os
import sys

from proton import Message
from proton.utils import BlockingConnection

from management import Management

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

connection = BlockingConnection(URL, timeout=PATIENCE)
Management(connection).declare("hello")
sender = connection.create_sender("/queues/hello")
for i in range(1, count + 1):
    # Returns once the broker has accepted the message. A durable one is on disk then; one that is refused, or reaches
    # no queue, raises SendException.
    sender.send(Message(body=f"hello {i}", durable=True))
    print(f"sent hello {i}")
connection.close()
