/**
 * One contender at one scenario, seen from outside: a process that waits until it is asked to move
 * some values.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { expectedSum, whole } from "./scenarios.mjs";
import { workTime } from "./work_time.mjs";

/** Longer than any round takes: who is not back by then hangs. */
const LONGEST_ANSWER = 20_000;
/** Values after which an engine has compiled what it will compile. */
const WARM_UP_SHARE = 3;
const LEAST_VALUES = 500;
const MOST_VALUES = 50_000_000;

export class Lane {
  /** The nanoseconds a value of each round, and the same of processor time. */
  rounds = [];
  cpu = [];
  /** Why it is out of the race. */
  failure;
  /** Values a round. */
  n;
  #scenario;
  #process;
  #answers;
  #errors = "";

  constructor(contender, scenario) {
    this.name = contender.name;
    this.#scenario = scenario;
    this.n = whole(scenario, LEAST_VALUES);
    const [command, ...args] = contender.start(scenario);
    this.#process = spawn(command, args, {
      env: { ...process.env, ...workTime(scenario), ...contender.env },
    });
    this.#process.stdin.on("error", () => {}); // it shows as the missing answer
    this.#process.on("error", (error) => this.#errors += error.message);
    this.#process.stderr.on("data", (text) => this.#errors += text);
    this.#answers = createInterface({ input: this.#process.stdout })
      [Symbol.asyncIterator]();
  }

  /** Warms up, and finds how many values make a round of `ms`. */
  async calibrate(ms) {
    for (let last = 0; this.failure === undefined;) {
      const answer = await this.#ask();
      if (answer === undefined) return;
      const took = answer.ns / 1e6;
      const next = this.n * Math.min(8, (ms / took) || 8);
      if (took >= ms / 2 && ++last > WARM_UP_SHARE) return;
      this.n = whole(
        this.#scenario,
        Math.max(LEAST_VALUES, Math.min(MOST_VALUES, next)),
      );
      if (this.n >= MOST_VALUES && ++last > WARM_UP_SHARE) return;
    }
  }

  /** Runs one round. */
  async round() {
    const answer = await this.#ask();
    if (answer === undefined) return;
    this.rounds.push(answer.ns / this.n);
    this.cpu.push(answer.cpu / this.n);
  }

  /** The memory a value, once. */
  async bytes() {
    this.n = whole(this.#scenario, 1);
    return (await this.#ask("bytes "))?.bytes;
  }

  end() {
    this.#process.kill("SIGKILL");
  }

  async #ask(what = "") {
    if (this.failure !== undefined) return undefined;
    this.#process.stdin.write(`${what}${this.n}\n`);
    const answer = await this.#answer();
    if (answer === undefined) return undefined;
    const expected = expectedSum(this.#scenario, this.n);
    if (answer.sum === expected) return answer;
    this.#fail(`lost values: the sum is ${answer.sum}, not ${expected}`);
  }

  async #answer() {
    let timer;
    const late = new Promise((resolve) => timer = setTimeout(resolve, LONGEST_ANSWER, "hangs"));
    const step = await Promise.race([this.#answers.next(), late]);
    clearTimeout(timer);
    if (step === "hangs") return this.#fail("hangs");
    if (step.done) {
      return this.#fail(
        this.#errors.trim().split("\n").slice(0, 6).join("\n") || "ended",
      );
    }
    // What a library tells on the way is kept for the case that it fails.
    if (step.value.startsWith("{")) return JSON.parse(step.value);
    this.#errors += `${step.value}\n`;
    return this.#answer();
  }

  #fail(why) {
    this.failure = why;
    this.end();
  }
}
