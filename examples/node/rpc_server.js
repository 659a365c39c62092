// Answers requests for Fibonacci numbers that arrive in the queue "rpc":  node rpc_server.js [count]

import { connected, consume } from "./connection.js";

const count = Number(process.argv[2] ?? 1);

function fibonacci(n) {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) {
    [a, b] = [b, a + b];
  }
  return a;
}

await connected(async (connection) => {
  const channel = await connection.createChannel();
  await channel.assertQueue("rpc", { durable: false });
  await channel.prefetch(1);
  await consume(channel, "rpc", count, {}, (request) => {
    const n = Number(request.content);
    // The request names the queue to answer to; its correlation id tells the client which question this is.
    const { replyTo, correlationId } = request.properties;
    channel.sendToQueue(replyTo, Buffer.from(String(fibonacci(n))), { correlationId });
    console.log(`answered ${n}`);
    channel.ack(request);
  });
  await channel.close();
});
