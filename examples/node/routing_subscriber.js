// Receives the messages of the severities given from the direct exchange "direct_logs":
//
//   node routing_subscriber.js COUNT SEVERITY...

import { connected, consume } from "./connection.js";

const [count, ...severities] = process.argv.slice(2);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertExchange("direct_logs", "direct", { durable: true });
  const { queue } = await channel.assertQueue("", { exclusive: true });
  for (const severity of severities) {
    await channel.bindQueue(queue, "direct_logs", severity);
  }
  await consume(channel, queue, Number(count), { noAck: true }, (message) =>
    console.log(`received ${message.fields.routingKey}: ${message.content}`),
  );
});
