/**
 * After Go's test/chan/powser1.go: power series as processes. Hundreds of tasks and channels, selects
 * with cases that go off and on, and streams that are read at different speeds.
 */
import { powerSeries } from "./powser/cases.ts";
import { pairs } from "./powser/rational.ts";

powerSeries(pairs, "powser1.go");
