"""Sends a task that fails twice and is tried again by its worker:  retries.py"""

from tasks import PATIENCE, succeed_at

print(f"succeeded at attempt {succeed_at.delay(3).get(timeout=PATIENCE)}")
