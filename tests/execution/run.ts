/** The context of an execution, in which resolvers tell of their calls. */
export interface Run {
  readonly log: unknown[];
}
