// Puts tasks into the durable queue "tasks", to be shared among workers:  node work_producer.js [count]

import { connected } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  // A durable queue and persistent messages: both are there again after the broker restarts.
  await channel.assertQueue("tasks", { durable: true });
  for (let i = 1; i <= count; i++) {
    channel.sendToQueue("tasks", Buffer.from(`task ${i}`), { persistent: true });
    console.log(`sent task ${i}`);
  }
  await channel.close();
});
