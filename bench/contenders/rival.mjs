/**
 * Imports a rival, by a name that type checkers cannot follow: rivals are installed only where they are
 * measured.
 */
export function rival(name) {
  return import(name);
}
