// Listens to the fanout exchange "logs"; every subscriber gets every message:  node pubsub_subscriber.js [count]

import { connected, consume } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("logs", "fanout", { durable: true });
  // An exclusive queue with a name chosen by the broker lives as long as this connection.
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, "logs", "");
  await consume(channel, queue, count, { noAck: true }, (message) =>
    console.log(`received ${message.content}`),
  );
});
