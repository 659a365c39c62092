// Broadcasts to everyone who listens to the fanout exchange "logs":  node pubsub_publisher.js [count]

import { connected } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("logs", "fanout", { durable: true });
  for (let i = 1; i <= count; i++) {
    // A fanout exchange ignores the routing key. With nobody listening the message is dropped.
    channel.publish("logs", "", Buffer.from(`news ${i}`));
    console.log(`sent news ${i}`);
  }
  await channel.close();
});
