import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Answers } from "../../workers/answers.ts";
import { type Answer, eachFrame, FrameReader, LAST } from "../../workers/wire.ts";

function createAnswers() {
  const messages: number[][] = [];
  const answers = new Answers({
    post(message) {
      const sequences: number[] = [];
      const { frames } = message as Answer & { type: "answers" };
      eachFrame(new FrameReader(frames), (sequence) => sequences.push(sequence));
      messages.push(sequences);
    },
  });
  return { answers, messages };
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("Answers.put() sends an answer at once that has taken longer than a millisecond", () => {
  const { answers, messages } = createAnswers();
  answers.begin();

  for (let i = 0; i < 3; i++) {
    spin(1.5);
    answers.put(i, LAST, i);
  }

  assertEquals(messages, [[0], [1], [2]]);
});

test("Answers.put() lets few answers be late when quick work is suddenly slow", () => {
  const { answers, messages } = createAnswers();
  answers.begin();
  for (let i = 0; i < 1_000; i++) answers.put(i, LAST, i);
  answers.flush();
  const before = messages.length;

  let slow = 0;
  while (messages.length === before) {
    spin(1.5);
    answers.put(1_000 + slow++, LAST, slow);
  }
  spin(1.5);
  answers.put(1_000 + slow, LAST, slow);

  assert(slow <= 8, `${slow} answers were late`);
  assertEquals(messages.flat().length, 1_001 + slow);
});

test("Answers.flush() sends nothing twice, and nothing if there is nothing", () => {
  const { answers, messages } = createAnswers();
  answers.begin();
  answers.put(0, LAST, "a");
  answers.fail(1, new Error("b"));

  answers.flush();
  answers.flush();

  assertEquals(messages.flat(), [0, 1]);
});
