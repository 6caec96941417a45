// Operations that nobody will ever answer do not hold the process; nor do timers that lost.
import { after, Channel, every, select } from "millrace";

const jobs = new Channel();
void jobs.recv();
void select({ job: jobs, out: new Channel().sendCase(1) });
await select({
  late: after(1),
  later: after(3_600_000),
  tick: every(3_600_000),
});
console.log("done");
