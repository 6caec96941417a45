import { testLimits } from "../sync/limits.ts";
import { SHARED_FORMS } from "./primitive_forms.ts";

for (const form of SHARED_FORMS) testLimits(form);
