import { formsOf } from "../sync/forms.ts";
import { testLimits } from "../sync/limits.ts";
import { SHARED } from "./primitive_makers.ts";

for (const form of formsOf(SHARED)) testLimits(form);
