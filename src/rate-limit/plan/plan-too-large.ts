/** Thrown where an operation asks for more than a plan may hold. The client can mend it; its message says how. */
export class PlanTooLarge extends Error {
  override readonly name = 'PlanTooLarge';
}
