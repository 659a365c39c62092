// Asks the server behind the queue "rpc" for Fibonacci numbers:  node rpc_client.js N...

import { connected, happens, receive, send } from "./connection.js";

const numbers = process.argv.slice(2);

await connected(async (connection) => {
  // A queue that the broker makes for this receiver and deletes with it; the broker chooses its address.
  const receiver = connection.open_receiver({
    source: { dynamic: true },
    credit_window: 0,
    autoaccept: false,
  });
  await happens(receiver, "receiver_open");
  const sender = connection.open_sender("/queues/rpc");
  // Ask everything at once; the correlation id tells which answer belongs to which question.
  for (const [i, n] of numbers.entries()) {
    await send(sender, { reply_to: receiver.source.address, correlation_id: `question-${i}`, body: n });
  }
  await receive(receiver, numbers.length, ({ correlation_id, body }) => {
    const question = Number(correlation_id.split("-")[1]);
    console.log(`fibonacci(${numbers[question]}) = ${body}`);
  });
});
