import type { Taken } from '../../store.ts';
import { flatRule } from './encode-charges.ts';

/** Units as the script takes them: the buckets' keys, each once, and a flat list of key, strategy, rule and units. */
export function encodeTaken(taken: readonly Taken[]): { keys: string[]; units: number[] } {
  const numbers = new Map<string, number>();
  const units: number[] = [];
  for (const { bucket, cost } of taken) {
    const number = numbers.get(bucket.key) ?? numbers.size + 1;
    numbers.set(bucket.key, number);
    units.push(number, ...flatRule(bucket), cost);
  }
  return { keys: [...numbers.keys()], units };
}
