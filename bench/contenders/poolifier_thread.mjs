/** The thread of `poolifier`. */
import { rival } from "./rival.mjs";
import { ms1, trivial, us10, us100 } from "./work.mjs";

const { ThreadWorker } = await rival("poolifier");

export default new ThreadWorker({ ms1, trivial, us10, us100 });
