// Receives greetings from the queue "hello":  node hello_consumer.js [count]

import { connected, receive } from "./connection.js";
import { declare } from "./management.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  await declare(connection, "hello");
  // No window: the broker sends as many messages as receive() allows it to. The queue keeps each until it is accepted.
  const receiver = connection.open_receiver({
    source: "/queues/hello",
    credit_window: 0,
    autoaccept: false,
  });
  console.log("waiting");
  await receive(receiver, count, (message) => console.log(`received ${message.body}`));
});
