/**
 * A thread that says where it lives in the shared memory.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { Domain } from "../../../workers/shared/domain.ts";

parentPort!.once("message", ({ memory, leave }) => {
  const { self } = Domain.own;
  const same = Domain.of(memory) === Domain.own;
  if (leave) Domain.leaveAll();
  parentPort!.postMessage({ self, same });
});
