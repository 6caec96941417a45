// For tsc alone: in tsconfig.json, "types": ["node"] makes every deno command print 60 warnings.
/// <reference types="node" />
