"""The tasks, for the worker and for those who send them:  celery -A tasks worker"""

import os
import time

from celery import Celery

# Nothing but where the broker is; results come back by messages too.
app = Celery("tasks", broker=os.environ.get("AMQP_URL", "pyamqp://guest@localhost//"), backend="rpc://")

PATIENCE = 30  # seconds that the programs wait for a result


@app.task
def add(x, y):
    return x + y


@app.task(bind=True, max_retries=5)
def succeed_at(self, attempt):
    """Fails until it is tried for the given time."""
    if self.request.retries + 1 < attempt:
        raise self.retry(countdown=0.2)
    return self.request.retries + 1


@app.task
def what_time():
    return time.time()


@app.task
def sleep(seconds):
    time.sleep(seconds)
