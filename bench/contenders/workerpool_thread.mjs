/** The thread of `workerpool`. */
import { rival } from "./rival.mjs";
import { ms1, trivial, us10, us100 } from "./work.mjs";

const { default: workerpool } = await rival("workerpool");

workerpool.worker({ ms1, trivial, us10, us100 });
