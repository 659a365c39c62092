// Answers requests for Fibonacci numbers that arrive in the queue "rpc":  node rpc_server.js [count]

import { connected, receive, send } from "./connection.js";
import { declare } from "./management.js";

const count = Number(process.argv[2] ?? 1);

function fibonacci(n) {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  return a;
}

await connected(async (connection) => {
  await declare(connection, "rpc");
  const receiver = connection.open_receiver({
    source: "/queues/rpc",
    credit_window: 0,
    autoaccept: false,
  });
  // A sender to nowhere in particular: each message says itself where it goes.
  const sender = connection.open_sender({ target: {} });
  console.log("waiting");
  await receive(receiver, count, async ({ reply_to, correlation_id, body: n }) => {
    // The request names the address to answer to; its correlation id tells the client which question this is.
    const answer = { to: reply_to, correlation_id, body: String(fibonacci(Number(n))) };
    await send(sender, answer).catch(() => {}); // released: the client is gone, and its queue with it
    console.log(`answered ${n}`);
  });
});
