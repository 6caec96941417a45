import { FORMS } from "./forms.ts";
import { testLimits } from "./limits.ts";

for (const form of FORMS) testLimits(form);
