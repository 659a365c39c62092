// Receives the messages whose topic matches one of the patterns from the topic exchange "topic_logs":
//
//   node topics_subscriber.js COUNT PATTERN...

import { connected, consume } from "./connection.js";

const [count, ...patterns] = process.argv.slice(2);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("topic_logs", "topic", { durable: true });
  const { queue } = await channel.assertQueue("", { exclusive: true });
  for (const pattern of patterns) {
    // In a pattern * stands for exactly one word, # for any number of words, even none.
    await channel.bindQueue(queue, "topic_logs", pattern);
  }
  await consume(channel, queue, Number(count), { noAck: true }, (message) =>
    console.log(`received ${message.fields.routingKey}: ${message.content}`),
  );
});
