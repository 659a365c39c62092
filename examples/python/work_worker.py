"""Does tasks from the durable queue "tasks"; run as many workers as you like:  work_worker.py [count]"""

import os
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/")
PATIENCE = 30  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with pika.BlockingConnection(pika.URLParameters(URL)) as connection:
    channel = connection.channel()
    channel.queue_declare("tasks", durable=True)
    # One unacknowledged task at a time, so that a slow worker does not hoard what others could do.
    channel.basic_qos(prefetch_count=1)
    print("waiting", flush=True)
    for method, _, body in channel.consume("tasks", inactivity_timeout=PATIENCE):
        if method is None:
            sys.exit("no task came")
        print(f"done {body.decode()}", flush=True)
        # Were this worker to die before the ack, another one would get the task.
        channel.basic_ack(method.delivery_tag)
        count -= 1
        if count == 0:
            break
