"""Watches a task go through the hands of a worker:  events.py"""

import sys
import time

from tasks import PATIENCE, add, app

seen = []
task = None


def note(event):
    if task is not None and event.get("uuid") == task.id:
        seen.append(event["type"])


with app.connection_for_read() as connection:
    receiver = app.events.Receiver(connection, handlers={"*": note})
    with receiver.consumer_context() as (listening, _, _):
        app.control.enable_events(reply=True, timeout=1)  # workers tell nothing unless asked
        task = add.delay(2, 2)
        deadline = time.time() + PATIENCE
        while "task-succeeded" not in seen:
            if time.time() > deadline:
                sys.exit(f"saw only {seen}")
            try:
                listening.drain_events(timeout=1)
            except TimeoutError:
                pass
print(*seen)
