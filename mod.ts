export { Channel, ChannelClosedError } from "./channel/mod.ts";
export type {
  ChannelIterator,
  ChannelOptions,
  Received,
  Receiver,
  SendCase,
  Sender,
  WaitOptions,
} from "./channel/mod.ts";
export { after, every, once, select, selectEach, trySelect } from "./select/mod.ts";
export type {
  Cases,
  EveryOptions,
  Off,
  Outcome,
  Priority,
  Selectable,
  Selected,
  SelectOptions,
  TimerCase,
} from "./select/mod.ts";
export { from, map, pipe } from "./flow/mod.ts";
export type { Flow, FlowOptions, MapOptions, Source, Stage } from "./flow/mod.ts";
