/**
 * Scopes: tasks that end before the block that started them.
 *
 * @module
 */
export { scope } from "./scope.ts";
export type { Scope, ScopeOptions } from "./scope.ts";
