"""Deletes the queues that the other examples leave behind:  cleanup.py"""

import os

from proton.utils import BlockingConnection

from management import Management

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")

connection = BlockingConnection(URL, timeout=30)
management = Management(connection)
for queue in "hello", "rpc":
    management.delete(queue)
connection.close()
print("clean")
