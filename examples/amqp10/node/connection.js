// What the other programs have in common: a connection, and promises where rhea has events.

import rhea from "rhea";

const BROKER = new URL(process.env.AMQP_URL ?? "amqp://guest:guest@localhost:5672/");
const PATIENCE_MS = 30_000;
const ENDS = ["disconnected", "connection_close", "sender_close", "receiver_close"];

// Runs job with an open connection and closes it afterwards; a job that fails ends the program with code 1.
export async function connected(job) {
  const container = rhea.create_container();
  container.on("error", () => {}); // what nobody waits for
  const connection = container.connect({
    host: BROKER.hostname,
    port: Number(BROKER.port || 5672),
    username: decodeURIComponent(BROKER.username),
    password: decodeURIComponent(BROKER.password),
    reconnect: false,
  });
  try {
    await happens(connection, "connection_open");
    await job(connection);
  } catch (error) {
    console.error(`${error.condition ?? "error"}: ${error.description ?? error.message}`);
    process.exitCode = 1;
  } finally {
    connection.close();
  }
}

// Waits for one of some events of a connection or link; fails if it ends, or nothing happens.
export function happens(emitter, ...events) {
  return new Promise((resolve, reject) => {
    const listeners = new Map();
    const settle = (done, value) => {
      clearTimeout(timer);
      listeners.forEach((listener, event) => emitter.removeListener(event, listener));
      done(value);
    };
    for (const event of events) {
      listeners.set(event, (context) => settle(resolve, { event, ...context }));
    }
    for (const event of ENDS) {
      listeners.set(event, ({ error, sender, receiver }) =>
        settle(reject, error ?? sender?.error ?? receiver?.error ?? new Error(event)),
      );
    }
    const timer = setTimeout(() => settle(reject, new Error(`no ${events} came`)), PATIENCE_MS);
    listeners.forEach((listener, event) => emitter.on(event, listener));
  });
}

// Sends a message and waits until the broker has accepted it; a durable one is on disk then.
export async function send(sender, message) {
  if (!sender.sendable()) await happens(sender, "sendable");
  sender.send(message);
  const { event } = await happens(sender, "accepted", "rejected", "released");
  if (event !== "accepted") throw new Error(`the message was ${event}`);
}

// Receives so many messages, one at a time, and accepts each once it was handled.
export async function receive(receiver, count, handle) {
  for (let i = 0; i < count; i++) {
    receiver.add_credit(1);
    const { message, delivery } = await happens(receiver, "message");
    await handle(message);
    delivery.accept();
  }
}
