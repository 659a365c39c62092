"""Deletes the queue and the exchanges that Celery leaves behind:  cleanup.py"""

from tasks import app

with app.connection_for_write() as connection:
    channel = connection.default_channel
    channel.queue_delete("celery")
    for exchange in "celery", "celery.pidbox", "reply.celery.pidbox", "celeryev":
        channel.exchange_delete(exchange)
    print("clean")
