// Orders are dealt out to three tills and come back as one flow.
//
// Watch for: `partition` by customer gives all orders of a customer to the same till, so they stay in
// order, while the tills work at the same time; `merge` takes the results as they come.
import { collect, map, merge, partition, pipe } from "../../mod.ts";

interface Order {
  readonly customer: string;
  readonly number: number;
}

async function* orders(): AsyncGenerator<Order> {
  for (let number = 1; number <= 4; number++) {
    for (const customer of ["Ada", "Bob", "Cid", "Dot"]) yield { customer, number };
  }
}

async function charge({ customer, number }: Order): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, number % 2)); // some take longer
  return `${customer}${number}`;
}

const tills = partition(orders(), 3, ({ customer }) => customer);
const charged = await collect(merge(...tills.map((till) => pipe(till, map(charge)))));

for (const customer of ["Ada", "Bob", "Cid", "Dot"]) {
  console.log(charged.filter((order) => order.startsWith(customer)).join(" "));
}

// Output:
// Ada1 Ada2 Ada3 Ada4
// Bob1 Bob2 Bob3 Bob4
// Cid1 Cid2 Cid3 Cid4
// Dot1 Dot2 Dot3 Dot4
