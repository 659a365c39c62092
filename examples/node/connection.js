// What the examples have in common: connecting, and waiting for a number of messages.

import amqp from "amqplib";

const URL = process.env.AMQP_URL ?? "amqp://guest:guest@localhost:5672/";
const PATIENCE_MS = 30_000;

// Calls job with an open connection and closes it afterwards, also when the job fails.
export async function connected(job) {
  const connection = await amqp.connect(URL);
  try {
    await job(connection);
  } finally {
    await connection.close();
  }
}

// Consumes until handle(message) has been called count times; calls started first.
export async function consume(channel, queue, count, options, handle, started = sayWaiting) {
  await new Promise((resolve, reject) => {
    const impatient = () => reject(new Error("no message came"));
    let timer = setTimeout(impatient, PATIENCE_MS);
    const take = (message) => {
      clearTimeout(timer);
      if (message === null) {
        return reject(new Error(`queue ${queue} was deleted`));
      }
      if (count-- > 0) {
        handle(message);
      }
      if (count > 0) {
        timer = setTimeout(impatient, PATIENCE_MS);
      } else {
        resolve();
      }
    };
    started();
    channel.consume(queue, take, options).catch(reject);
  });
}

function sayWaiting() {
  console.log("waiting");
}
