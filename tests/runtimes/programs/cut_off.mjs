// A send that was legal when it was made, and that nobody awaits, does not end the process when it is
// cut off.
import { Channel } from "millrace";

const jobs = new Channel();
void jobs.send("lost");
jobs.cancel(new Error("no more"));
await new Promise((resolve) => setTimeout(resolve, 5));
console.log("done");
