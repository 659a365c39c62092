// Deletes the queues that the other examples leave behind:  node cleanup.js

import { connected } from "./connection.js";
import { remove } from "./management.js";

await connected(async (connection) => {
  for (const queue of ["hello", "rpc"]) {
    await remove(connection, queue);
  }
  console.log("clean");
});
