/**
 * How long workers that drain may take to end, all together, in milliseconds, when requests in flight may take so many
 * seconds.
 */
export function patienceMs(drainTimeout: number): number {
  return (drainTimeout + 5) * 1000;
}
