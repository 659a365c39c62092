"""Schedules more tasks than a worker may prefetch, and one for at once:  eta.py [count] [seconds]

A worker takes a scheduled task, keeps it until it is due, and asks the broker for one more in its stead by raising
the prefetch count of its channel. So the task behind them all need not wait.
"""

import sys
import time

from tasks import PATIENCE, add, what_time

LATE = 2  # seconds
count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 10

due = time.time() + seconds
scheduled = [what_time.apply_async(countdown=seconds) for _ in range(count)]
add.delay(1, 1).get(timeout=PATIENCE)
print("task for at once: " + ("done before" if time.time() < due else "waited for those scheduled"))

times = [task.get(timeout=PATIENCE) - due for task in scheduled]
print(f"on time: {sum(-0.5 < each < LATE for each in times)} of {count}")
