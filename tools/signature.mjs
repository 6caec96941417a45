// A declaration as it stands in its source, without what it does: up to the body or the end.

/** @returns The signature that begins at the byte `from` of `source`, on lines of its own indentation. */
export function signature(source, from) {
  const rest = Buffer.from(source).subarray(from).toString();
  const text = rest.slice(0, endOf(rest)).trim();
  const plain = text.replace(/^export /, "").replace(/^(abstract |override |declare )*/, "");
  return plain.replace(/^(readonly )?(override |async )+/, "$1");
}

function endOf(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const skipped = text.slice(at).match(/^(?:\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"])*"|`[^`]*`)/)?.[0];
    if (skipped) {
      at += skipped.length - 1;
      continue;
    }
    const sign = text[at];
    if (depth === 0 && (sign === ";" || (sign === "{" && isBody(text.slice(0, at))))) return at;
    if ("([{".includes(sign)) depth++;
    if (")]}".includes(sign)) depth--;
    // The end of a member that nothing separates from the end of its type.
    if (depth < 0) return at;
  }
  return text.length;
}

// A brace after one of these begins a type or a default.
function isBody(before) {
  return !/([:|&=,?<(]|=>|\b(?:extends|keyof|readonly))$/.test(before.trimEnd());
}
