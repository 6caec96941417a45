/**
 * After Go's test/chan/powser2.go: the same power series over channels of an interface, along which
 * objects of several classes flow.
 */
import { powerSeries } from "./powser/cases.ts";
import { items } from "./powser/rational.ts";

powerSeries(items, "powser2.go");
