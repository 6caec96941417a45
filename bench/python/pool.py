"""Python's multiprocessing.Pool at one scenario: processes, a result at a time (imap, chunks of one).

It speaks the protocol of the other contenders: a line with the number of values in, a line of JSON
with nanoseconds, sum and processor time out.
"""
import json
import multiprocessing
import os
import sys
import threading
import time

PROCESSES = 2
MICROSECONDS = {
    "workers_calls": 0,
    "workers_lone": 0,
    "workers_0": 0,
    "workers_10us": 10,
    "workers_100us": 100,
    "workers_1ms": 1000,
}
LOOPS = 2_000
TRIES = 200

loops = 0


def turn(count):
    x = 1
    for _ in range(count):
        x = (x * 5 + 1) & 65535
    return x


def work(value):
    if loops > 0 and turn(loops) < 0:
        return -1
    return value


def loops_of(microseconds):
    """The shortest of many runs is one that nothing has interrupted."""
    def nanoseconds():
        start = time.perf_counter_ns()
        turn(LOOPS)
        return time.perf_counter_ns() - start

    shortest = min(nanoseconds() for _ in range(TRIES))
    return round(LOOPS * microseconds * 1000 / shortest)


def processor_time(pids):
    """Nanoseconds of this process and, where the system tells (Linux), of the others."""
    own = time.process_time_ns()
    if not sys.platform.startswith("linux"):
        return own
    return own + sum(time.clock_gettime_ns(~pid << 3 | 2) for pid in pids)


def end_with_parent():
    """The benchmark kills the process that it has started: those that it has started itself must not stay."""
    def wait():
        multiprocessing.parent_process().join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def main(scenario):
    global loops
    if MICROSECONDS[scenario] > 0:
        loops = loops_of(MICROSECONDS[scenario])
    with multiprocessing.Pool(PROCESSES, end_with_parent) as pool:
        pids = [child.pid for child in multiprocessing.active_children()]
        for line in sys.stdin:
            n = int(line)
            cpu, start = processor_time(pids), time.perf_counter_ns()
            if scenario == "workers_lone":
                total = sum(pool.apply(work, (i,)) for i in range(n))
            else:
                total = sum(pool.imap(work, range(n), 1))
            ns = time.perf_counter_ns() - start
            answer = {"ns": ns, "sum": total, "cpu": processor_time(pids) - cpu}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
