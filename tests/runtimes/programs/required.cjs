// What is left of CommonJS in a program: Node hands it ES modules too.
const assert = require("node:assert/strict");
const { Channel } = require("millrace");
const { spawn } = require("millrace/workers");

const jobs = new Channel(1);
assert.equal(jobs.trySend(1), true);
assert.deepEqual(jobs.tryRecv(), { done: false, value: 1 });
assert.equal(typeof spawn, "function");
console.log("done");
