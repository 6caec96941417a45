"""Python's asyncio.Queue at the scenarios of one queue: a loop for each task, a value at a time.

It speaks the protocol of the other contenders: a line with the number of values in, a line of JSON
with nanoseconds, sum and processor time out.
"""
import asyncio
import json
import sys
import time


async def produce(values, first, step, n):
    for i in range(first, n, step):
        await values.put(i)


async def consume(values, n):
    total = 0
    for _ in range(n):
        total += await values.get()
    return total


async def crowd(capacity, producers, consumers, n):
    values = asyncio.Queue(capacity)
    sending = [asyncio.create_task(produce(values, i, producers, n)) for i in range(producers)]
    shares = [len(range(i, n, consumers)) for i in range(consumers)]
    receiving = [asyncio.create_task(consume(values, share)) for share in shares]
    await asyncio.gather(*sending)
    return sum(await asyncio.gather(*receiving))


async def seq(n):
    values, total = asyncio.Queue(16), 0
    for i in range(n):
        values.put_nowait(i)
        total += values.get_nowait()
    return total


async def bounded_seq(n):
    values = asyncio.Queue(n)
    await produce(values, 0, 1, n)
    return await consume(values, n)


async def pingpong(n):
    requests, answers, total = asyncio.Queue(1), asyncio.Queue(1), 0

    async def serve():
        for _ in range(n):
            await answers.put(await requests.get())

    server = asyncio.create_task(serve())
    for i in range(n):
        await requests.put(i)
        total += await answers.get()
    await server
    return total


def queue(capacity, producers=1, consumers=1):
    return lambda n: crowd(n if capacity is None else capacity, producers, consumers, n)


SCENARIOS = {
    "seq": seq,
    "bounded_seq": bounded_seq,
    "pingpong": pingpong,
    "bounded1_spsc": queue(1),
    "bounded16_spsc": queue(16),
    "bounded1024_spsc": queue(1024),
    "bounded_spsc": queue(None),
    "unbounded_spsc": queue(0),
    "bounded16_mpsc8": queue(16, 8),
    "bounded_mpsc": queue(None, 4),
    "bounded16_mpmc": queue(16, 4, 4),
    "bounded_mpmc": queue(None, 4, 4),
}


def main(scenario):
    run = SCENARIOS[scenario]
    for line in sys.stdin:
        n = int(line)
        cpu, start = time.process_time_ns(), time.perf_counter_ns()
        total = asyncio.run(run(n))
        ns = time.perf_counter_ns() - start
        answer = {"ns": ns, "sum": total, "cpu": time.process_time_ns() - cpu}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
