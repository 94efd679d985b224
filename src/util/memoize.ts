interface MemoizeOptions {
  /** How many texts are remembered, by default 1000. */
  readonly most?: number;
  /** Of how many characters, by default 500; what is made of longer ones is made each time. */
  readonly longest?: number;
}

/** Makes a pure function of a text remember what it has come to, for the texts that came last. */
export function memoize<Value>(
  make: (text: string) => Value,
  { most = 1000, longest = 500 }: MemoizeOptions = {},
): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > longest) return made;
    known.set(text, made);
    if (known.size > most) {
      // Those that are needed all the time are made anew soon, at the other end.
      const [oldest = text] = known.keys();
      known.delete(oldest);
    }
    return made;
  };
}
