/** The largest id, that of a 32-bit integer column. PostgreSQL fails on anything above. */
export const maxId = 2_147_483_647;

/** Whether a number can be an id at all. */
export function isId(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maxId;
}

/** The id as tables have it. Text that is no id becomes NaN, which nothing has. */
export function parseId(id: string): number {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : Number.NaN;
}
