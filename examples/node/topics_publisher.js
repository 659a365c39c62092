// Publishes one message for each topic given to the topic exchange "topic_logs":
//
//   node topics_publisher.js TOPIC...

import { connected } from "./connection.js";

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("topic_logs", "topic", { durable: true });
  for (const topic of process.argv.slice(2)) {
    // The routing key is a list of words with dots between them.
    channel.publish("topic_logs", topic, Buffer.from("it happened"));
    console.log(`sent ${topic}`);
  }
  await channel.close();
});
