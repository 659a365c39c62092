"""Declares and deletes queues, which AMQP 1.0 has no words for: requests to the node /management, in the manner of HTTP."""

from proton import Message, symbol, ulong
from proton.reactor import LinkOption


class Paired(LinkOption):
    """Ties a sender and a receiver of the same name together: questions go out on one, answers come in on the other."""

    def apply(self, link):
        link.source.address = link.target.address = "/management"
        link.properties = {symbol("paired"): True}


class Management:
    def __init__(self, connection):
        self.questions = connection.create_sender("/management", name="management", options=Paired())
        self.answers = connection.create_receiver("/management", name="management", options=Paired())
        self.asked = 0

    def declare(self, queue):
        # "durable" outlives the broker; declaring a queue that exists already changes nothing.
        self._ask("PUT", f"/queues/{queue}", {"durable": True}, "200", "201")

    def delete(self, queue):
        self._ask("DELETE", f"/queues/{queue}", None, "200", "404")

    def _ask(self, method, path, body, *expected):
        self.asked += 1
        self.questions.send(
            Message(id=ulong(self.asked), subject=method, address=path, reply_to="$me", body=body)
        )
        answer = self.answers.receive()
        if answer.subject not in expected:
            raise RuntimeError(f"{method} {path}: {answer.subject} {answer.body}")
