/** What can be written as Lua. */
export type LuaValue = string | number | readonly LuaValue[] | { readonly [name: string]: LuaValue };

/** A value as an expression of Lua 5.1. */
export function toLua(value: LuaValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (isList(value)) return `{${value.map(toLua).join(',')}}`;
  const parts = Object.entries(value).map(([name, part]) => `[${quoted(name)}]=${toLua(part)}`);
  return `{${parts.join(',')}}`;
}

function isList(value: LuaValue): value is readonly LuaValue[] {
  return Array.isArray(value);
}

// Lua knows no \u: whatever is not plain is written byte by byte.
function quoted(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    return /[\w !#-&(-/:-@[\]^`{|}~]/.test(char) ? char : `\\${String(byte).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}
