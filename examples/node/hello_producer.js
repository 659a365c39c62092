// Sends greetings to the queue "hello":  node hello_producer.js [count]

import { connected } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  // Either side may come first: declaring a queue that exists already changes nothing.
  await channel.assertQueue("hello", { durable: false });
  for (let i = 1; i <= count; i++) {
    channel.sendToQueue("hello", Buffer.from(`hello ${i}`));
    console.log(`sent hello ${i}`);
  }
  await channel.close(); // Returns when the broker has taken everything sent before.
});
