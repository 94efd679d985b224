/** Runs an action whose errors are to say which variable is wrong. */
export function blameVariable<Result>(variable: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${variable} cannot be used.\n${message}`, { cause: error });
  }
}
