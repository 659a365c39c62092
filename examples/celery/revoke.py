"""Takes back a task that is scheduled, and one that is being done:  revoke.py"""

import sys
import time

from celery.exceptions import TaskRevokedError

from tasks import PATIENCE, add, app, sleep


def until(condition):
    deadline = time.time() + PATIENCE
    while not condition():
        if time.time() > deadline:
            sys.exit("the worker never had the task")


def in_hand(kind, task):
    """Whether a worker says that it has the task."""
    workers = getattr(app.control.inspect(timeout=1), kind)() or {}
    return any(task.id in str(each) for each in workers.values())


def outcome(task):
    try:
        return task.get(timeout=PATIENCE)
    except TaskRevokedError as e:
        return e


scheduled = add.apply_async((1, 1), countdown=8)
until(lambda: in_hand("scheduled", scheduled))
scheduled.revoke()
active = sleep.delay(60)
until(lambda: in_hand("active", active))
active.revoke(terminate=True)
print(f"scheduled: {outcome(scheduled)}")
print(f"active: {outcome(active)}")
