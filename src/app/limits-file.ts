import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type LimitOverrides, readOverrides } from '../config/limit-overrides.ts';

/** Who hears of a limits file that changed. */
export interface LimitsFileListener {
  /** Told what the file says now. An error that it throws, having changed nothing, is told as a problem. */
  readonly onChange: (overrides: LimitOverrides) => void;
  /** Told once in sentences why the file as it is now cannot be used. */
  readonly onProblem: (message: string) => void;
  /** How often the file is looked at, in milliseconds; default 250. */
  readonly interval?: number;
}

/** A file of limits that is being watched. */
export interface LimitsFile {
  /** What the file said at the start. */
  readonly initial: LimitOverrides;
  /** Ends the watching; nobody hears anything afterwards. */
  close(): void;
}

/**
 * Reads a file of overrides (as `readOverrides` takes them) and tells when it says something else. A file that vanishes or
 * goes wrong leaves the limits in force as they are; once it is good again it is told anew. Watching does not keep the
 * process alive. Throws where the file is missing or wrong at the start.
 */
export function watchLimitsFile(
  path: string,
  { onChange, onProblem, interval = 250 }: LimitsFileListener,
): LimitsFile {
  const initial = read(path);
  if (typeof initial === 'string') throw new Error(initial);
  let last: LimitOverrides | string = initial;

  const look = (): void => {
    const found = read(path);
    if (isDeepStrictEqual(found, last)) return;
    last = found;
    const problem =
      typeof found === 'string'
        ? found
        : problemOf(path, () => {
            onChange(found);
          });
    if (problem !== undefined) onProblem(`${problem}\nThe limits in force stay.`);
  };

  // Whatever is at the path is read again. What watches an inode loses the file when an editor replaces it, or when
  // Kubernetes points a symbolic link above it at another folder, and what watches its status can miss a change that
  // comes before it has the first one.
  const timer = setInterval(look, interval).unref();

  return {
    initial,
    close: () => {
      clearInterval(timer);
    },
  };
}

/** What the file says, or what is wrong with it. */
function read(path: string): LimitOverrides | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return `The limits file ${path} cannot be read: ${messageOf(error)}. Put a readable file there or name another.`;
  }
  const found = readOverrides(text);
  return typeof found === 'string' ? `The limits file ${path} is wrong.\n${found}` : found;
}

/** What an action complains of. */
function problemOf(path: string, action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return `The limits file ${path} cannot be used.\n${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
