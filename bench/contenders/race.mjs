/**
 * The runtime's own `Promise.race` over one pending promise a source. The winner's promise is renewed,
 * the loser's stays: nothing is lost, but every race leaves a reaction on it.
 */
export const leavesOut = "no buffer, no sends among the cases; leaks on a source that stays idle";

class Source {
  promise;
  #resolve;
  constructor() {
    this.renew();
  }
  renew() {
    this.promise = new Promise((resolve) => this.#resolve = resolve);
  }
  give(value) {
    this.#resolve({ source: this, value });
  }
}

async function parked2(n) {
  const a = new Source(), b = new Source();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = Promise.race([a.promise, b.promise]);
    (i & 1 ? b : a).give(i);
    const { source, value } = await promise;
    source.renew();
    sum += value;
  }
  return sum;
}

async function idle(n) {
  const busy = new Source(), never = new Source();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = Promise.race([busy.promise, never.promise]);
    busy.give(i);
    const { source, value } = await promise;
    source.renew();
    sum += value;
  }
  return sum;
}

async function timeout(n) {
  const values = new Source();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let timer;
    const late = new Promise((resolve) => timer = setTimeout(resolve, 1_000));
    const promise = Promise.race([values.promise, late]);
    values.give(i);
    const { source, value } = await promise;
    clearTimeout(timer);
    source.renew();
    sum += value;
  }
  return sum;
}

export const scenarios = {
  select_parked2: parked2,
  select_idle: idle,
  select_timeout: timeout,
};
