// The former name of tests/fast_typescript.mjs.
import "./fast_typescript.mjs";
