import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { transfer } from "../../workers/mod.ts";
import { BARE, eachFrame, END, FrameList, FrameReader, LAST } from "../../workers/wire.ts";

type Frame = [sequence: number, flags: number, item: unknown];

function written(frames: readonly Frame[]): FrameList {
  const list = new FrameList();
  for (const frame of frames) list.put(...frame);
  return list;
}

function read(list: FrameList): Frame[] {
  const frames: Frame[] = [];
  eachFrame(new FrameReader(list.frames), (...frame) => frames.push(frame));
  return frames;
}

test("eachFrame() gives what FrameList.put() was given, whatever numbers, flags and items", () => {
  const frames: Frame[] = [
    [7, 0, "a"],
    [8, 0, undefined],
    [8, LAST | BARE, undefined],
    [9, LAST | BARE, undefined],
    [12, LAST, [1, 2]],
    [11, LAST, 3],
    [12, LAST, 4],
    [13, BARE | END, undefined],
  ];

  assertEquals(read(written(frames)), frames);
  assertEquals(read(written([])), []);
});

test("FrameList.put() lets values with consecutive numbers share a head", () => {
  const list = written([[5, LAST, "a"], [6, LAST, "b"], [7, LAST, "c"], [9, LAST, "d"]]);

  assertEquals(list.frames, [5, LAST, 3, "a", "b", "c", 9, LAST, 1, "d"]);
});

test("FrameList.put() gathers what is to be moved", () => {
  const buffers = [new ArrayBuffer(1), new ArrayBuffer(2)];

  const list = written(buffers.map((buffer, i) => [i, 0, transfer({ buffer }, [buffer])]));

  assertEquals(list.transfer, buffers);
});
