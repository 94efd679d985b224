import type { Level } from '../../strategies/index.ts';

/** Reads the units left of each bucket and when all are back, -1 if they are. */
export function readLevels(numbers: readonly number[]): Level[] {
  const levels: Level[] = [];
  for (let at = 0; at < numbers.length; at += 2) levels.push(levelOf(numbers[at], numbers[at + 1]));
  return levels;
}

export function levelOf(remaining = 0, resetAt = -1): Level {
  return { remaining, resetAt: resetAt === -1 ? null : resetAt };
}
