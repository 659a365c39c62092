// Asks the server behind the queue "rpc" for Fibonacci numbers:  node rpc_client.js N...

import { connected, consume } from "./connection.js";

const numbers = process.argv.slice(2);

await connected(async (connection) => {
  const channel = await connection.createChannel();
  const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
  // Ask everything at once; the correlation id tells which answer belongs to which question.
  numbers.forEach((n, i) =>
    channel.sendToQueue("rpc", Buffer.from(n), { replyTo, correlationId: `question-${i}` }),
  );
  const answered = (answer) => {
    const question = Number(answer.properties.correlationId.split("-")[1]);
    console.log(`fibonacci(${numbers[question]}) = ${answer.content}`);
  };
  await consume(channel, replyTo, numbers.length, { noAck: true }, answered, () => {});
});
