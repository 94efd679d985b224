import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { integer } from '../config/formats.ts';

const most = 64;
const count = integer(1, most);

/**
 * How many workers `--workers` asks for; `auto` is one for each processor that this process may use.
 * @throws InvalidArgumentError with what is accepted, to which commander adds the option and the value
 */
export function workerCount(text: string): number {
  const found = text === 'auto' ? Math.min(availableParallelism(), most) : count.parse(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Give ${count.accepts}, or auto for one for each processor.`);
}
