// A send to a closed channel is a bug; if nobody awaits it the runtime reports it and ends with 1.
import { Channel } from "millrace";

const jobs = new Channel(1, { name: "jobs" });
jobs.close();
void jobs.send("too late");
await new Promise((resolve) => setTimeout(resolve, 1_000));
console.log("done");
