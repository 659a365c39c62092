// Sends greetings to the queue "hello":  node hello_producer.js [count]

import { connected, send } from "./connection.js";
import { declare } from "./management.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  await declare(connection, "hello");
  const sender = connection.open_sender("/queues/hello");
  for (let i = 1; i <= count; i++) {
    await send(sender, { body: `hello ${i}`, durable: true });
    console.log(`sent hello ${i}`);
  }
});
