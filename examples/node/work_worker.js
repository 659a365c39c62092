// Does tasks from the durable queue "tasks"; run as many workers as you like:  node work_worker.js [count]

import { connected, consume } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertQueue("tasks", { durable: true });
  // One unacknowledged task at a time, so that a slow worker does not hoard what others could do.
  await channel.prefetch(1);
  await consume(channel, "tasks", count, {}, (message) => {
    console.log(`done ${message.content}`);
    // Were this worker to die before the ack, another one would get the task.
    channel.ack(message);
  });
  await channel.close();
});
