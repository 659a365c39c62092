// Publishes and lets the broker confirm each message; then one message that no queue wants:
//
//   node confirms.js [count]

import { connected } from "./connection.js";

const count = Number(process.argv[2] ?? 100);

await connected(async (connection) => {
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  for (let i = 1; i <= count; i++) {
    channel.sendToQueue(queue, Buffer.from(`message ${i}`));
  }
  await channel.waitForConfirms(); // Fails if the broker refuses one.
  console.log(`confirmed ${count}`);

  // A mandatory message that reaches no queue comes back, before its confirm.
  let returned;
  channel.on("return", (message) => (returned = message));
  channel.sendToQueue("no-such-queue", Buffer.from("lost"), { mandatory: true });
  await channel.waitForConfirms();
  if (returned === undefined) {
    throw new Error("confirmed, yet never returned");
  }
  const { replyCode, replyText } = returned.fields;
  console.log(`returned ${returned.content}: ${replyCode} ${replyText}`);
});
