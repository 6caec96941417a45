"""Python's multiprocessing.Queue at one of the shared scenarios: this process and others, a value at a time.

It speaks the protocol of the other contenders: a line with the number of values in, a line of JSON
with nanoseconds, sum and processor time out.
"""
import json
import multiprocessing
import sys
import time

from pool import end_with_parent, processor_time

CAPACITY = 1024


def record(number):
    return {"id": number, "name": "item-12", "values": [1, 2, 3, 4, 5, 6, 7, number]}


def send(jobs, values, _answers, make):
    for n in iter(jobs.get, None):
        for i in range(n):
            values.put(make(i))


def receive(jobs, values, answers, number_of):
    for n in iter(jobs.get, None):
        answers.put(sum(number_of(values.get()) for _ in range(n)))


def pong(jobs, values, answers, _make):
    for n in iter(jobs.get, None):
        for _ in range(n):
            answers.put(values.get())


def run_with_parent(loop, *args):
    end_with_parent()
    loop(*args)


def same(value):
    return value


def id_of(value):
    return value["id"]


class Threads:
    """Processes, each with a queue of jobs: the numbers of values to move."""

    def __init__(self, *loops):
        self.values = multiprocessing.Queue(CAPACITY)
        self.answers = multiprocessing.Queue(CAPACITY)
        self.jobs = [self.start(*loop) for loop in loops]

    def start(self, loop, extra):
        jobs = multiprocessing.SimpleQueue()
        args = (loop, jobs, self.values, self.answers, extra)
        multiprocessing.Process(target=run_with_parent, args=args, daemon=True).start()
        return jobs

    def tell(self, n):
        for jobs in self.jobs:
            jobs.put(n)


def between(make, number_of):
    threads = Threads((receive, number_of), (send, make))

    def run(n):
        threads.tell(n)
        return threads.answers.get()

    return run


def to_main():
    threads = Threads((send, same))

    def run(n):
        threads.tell(n)
        return sum(threads.values.get() for _ in range(n))

    return run


def there_and_back():
    threads = Threads((pong, same))

    def run(n):
        threads.tell(n)
        total = 0
        for i in range(n):
            threads.values.put(i)
            total += threads.answers.get()
        return total

    return run


SCENARIOS = {
    "shared_spsc": lambda: between(same, same),
    "shared_main": to_main,
    "shared_objects": lambda: between(record, id_of),
    "shared_pingpong": there_and_back,
}


def main(scenario):
    run = SCENARIOS[scenario]()
    pids = [child.pid for child in multiprocessing.active_children()]
    for line in sys.stdin:
        n = int(line)
        cpu, start = processor_time(pids), time.perf_counter_ns()
        total = run(n)
        ns = time.perf_counter_ns() - start
        answer = {"ns": ns, "sum": total, "cpu": processor_time(pids) - cpu}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
