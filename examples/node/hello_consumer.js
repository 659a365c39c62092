// Receives greetings from the queue "hello":  node hello_consumer.js [count]

import { connected, consume } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertQueue("hello", { durable: false });
  await consume(channel, "hello", count, { noAck: true }, (message) =>
    console.log(`received ${message.content}`),
  );
});
