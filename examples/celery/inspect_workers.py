"""Asks all workers how they are and what they do:  inspect_workers.py"""

import sys
import time

from tasks import PATIENCE, app, sleep

deadline = time.time() + PATIENCE
inspect = app.control.inspect(timeout=2)


def answers(question):
    """What the workers answer, asked again until one does."""
    while time.time() < deadline:
        found = [answer for answer in (question() or {}).values() if answer]
        if found:
            return found
    sys.exit("no worker answers")


print(f"ping: {[answer['ok'] for answer in answers(inspect.ping)]}")
sleep.delay(5)
print(f"active: {[task['name'] for tasks in answers(inspect.active) for task in tasks]}")
