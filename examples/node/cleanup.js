// Deletes the queues and exchanges that the other examples leave behind:  node cleanup.js

import { connected } from "./connection.js";

await connected(async (connection) => {
  const channel = await connection.createChannel();
  // Deleting what is not there is no error.
  for (const queue of ["hello", "tasks", "rpc"]) {
    await channel.deleteQueue(queue);
  }
  for (const exchange of ["logs", "direct_logs", "topic_logs"]) {
    await channel.deleteExchange(exchange);
  }
  console.log("clean");
});
