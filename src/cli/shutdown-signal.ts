const signals = ['SIGTERM', 'SIGINT'] as const;

// npm passes on the SIGINT of a Ctrl-C that the terminal has sent to the server already.
const sameWithinMs = 500;

/**
 * Resolves when SIGTERM or SIGINT tells this process to end: what then ends, and in which order, is for `dispose` in
 * app/create-app.ts, and for `drain` in http/listen.ts. A second one, half a second later or more, ends it at
 * once, by that signal.
 * @param beforeThat what is still to be done then
 */
export function shutdownSignal(beforeThat?: () => void): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const hear = (signal: NodeJS.Signals): void => {
      first ??= performance.now();
      resolve();
      if (performance.now() - first < sameWithinMs) return;
      beforeThat?.();
      for (const each of signals) process.off(each, hear);
      process.kill(process.pid, signal);
    };
    for (const signal of signals) process.on(signal, hear);
  });
}
