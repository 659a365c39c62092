// Publishes one message for each severity given to the direct exchange "direct_logs":
//
//   node routing_publisher.js SEVERITY...

import { connected } from "./connection.js";

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("direct_logs", "direct", { durable: true });
  for (const severity of process.argv.slice(2)) {
    // A direct exchange leads to the queues bound with exactly this routing key.
    channel.publish("direct_logs", severity, Buffer.from("it happened"));
    console.log(`sent ${severity}`);
  }
  await channel.close();
});
