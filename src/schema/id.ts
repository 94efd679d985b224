/** The id as the data layer has it. Text that is no id becomes NaN, which nothing has. */
export function parseId(id: string): number {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : Number.NaN;
}
