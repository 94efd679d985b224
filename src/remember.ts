/** A text that is longer is not remembered. */
const longestText = 500;

/**
 * Makes a pure function of a text remember what it has come to, for the texts that came last.
 * @param most how many texts are remembered
 */
export function remember<Value>(make: (text: string) => Value, most = 1000): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > longestText) return made;
    known.set(text, made);
    if (known.size > most) {
      // Those that are needed all the time are made anew soon, at the other end.
      const [oldest = text] = known.keys();
      known.delete(oldest);
    }
    return made;
  };
}
