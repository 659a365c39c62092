// Declares and deletes queues, which AMQP 1.0 has no words for: requests to the node /management, in the manner of HTTP.

import { happens, receive } from "./connection.js";

// Declares a queue that outlives the broker; declaring one that exists already changes nothing.
export async function declare(connection, queue) {
  await ask(connection, "PUT", `/queues/${queue}`, { durable: true }, ["200", "201"]);
}

export async function remove(connection, queue) {
  await ask(connection, "DELETE", `/queues/${queue}`, null, ["200", "404"]);
}

async function ask(connection, method, path, body, expected) {
  // A sender and a receiver of the same name: the question goes out on one, the answer comes in on the other. rhea
  // needs the first to be open before the second is asked for, and a session of their own to forget both by.
  const session = connection.create_session();
  session.open();
  const pair = { name: "management", source: "/management", target: "/management", properties: { paired: true } };
  const sender = session.open_sender(pair);
  await happens(sender, "sender_open");
  const receiver = session.open_receiver({ ...pair, credit_window: 0, autoaccept: false });
  await happens(receiver, "receiver_open");
  if (!sender.sendable()) await happens(sender, "sendable");
  sender.send({ message_id: 1, subject: method, to: path, reply_to: "$me", body });
  await receive(receiver, 1, ({ subject, body: answer }) => {
    if (!expected.includes(subject)) throw new Error(`${method} ${path}: ${subject} ${answer}`);
  });
  session.close();
}
