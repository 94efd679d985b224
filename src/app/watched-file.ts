import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

/** What a file is read as. */
export interface FileKind<Value extends object> {
  /** What errors call it, such as `limits file`. */
  readonly name: string;
  /** What stays as it is while the file cannot be used, as a sentence. */
  readonly staying: string;
  /** What a text says, or what is wrong with it in sentences. */
  readonly read: (text: string) => Value | string;
}

/** Who hears of a file that changed. */
export interface FileListener<Value extends object> {
  /** Told what the file says now. An error that it throws, having changed nothing, is told as a problem. */
  readonly onChange: (value: Value) => void;
  /** Told once in sentences why the file as it is now cannot be used. */
  readonly onProblem: (message: string) => void;
  /** How often the file is looked at, in milliseconds; default 250. */
  readonly interval?: number;
}

/** A file that is being watched. */
export interface WatchedFile<Value extends object> {
  /** What the file said at the start. */
  readonly initial: Value;
  /** Ends the watching; nobody hears anything afterwards. */
  close(): void;
}

/**
 * Reads a file and tells when it says something else. A file that vanishes or goes wrong leaves what is in force as it is;
 * once it is good again it is told anew. Watching does not keep the process alive. Throws where the file is missing or
 * wrong at the start.
 */
export function watchFile<Value extends object>(
  path: string,
  kind: FileKind<Value>,
  { onChange, onProblem, interval = 250 }: FileListener<Value>,
): WatchedFile<Value> {
  let bytes = bytesOf(path, kind);
  const initial = valueIn(bytes, path, kind);
  if (typeof initial === 'string') throw new Error(initial);
  let last: Value | string = initial;

  const look = (): void => {
    const now = bytesOf(path, kind);
    // Nearly always, and to compare is cheaper than to read what it says.
    if (typeof now !== 'string' && typeof bytes !== 'string' && now.equals(bytes)) return;
    bytes = now;
    const found = valueIn(now, path, kind);
    if (isDeepStrictEqual(found, last)) return;
    last = found;
    const problem =
      typeof found === 'string'
        ? found
        : problemOf(path, kind, () => {
            onChange(found);
          });
    if (problem !== undefined) onProblem(`${problem}\n${kind.staying}`);
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

interface Named {
  readonly name: string;
}

/** The bytes of the file, or why there are none. */
function bytesOf(path: string, { name }: Named): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return `The ${name} ${path} cannot be read: ${messageOf(error)}. Put a readable file there or name another.`;
  }
}

/** What the bytes say, or what is wrong with them. */
function valueIn<Value extends object>(
  bytes: Buffer | string,
  path: string,
  { name, read }: FileKind<Value>,
): Value | string {
  if (typeof bytes === 'string') return bytes;
  const found = read(bytes.toString());
  return typeof found === 'string' ? `The ${name} ${path} is wrong.\n${found}` : found;
}

/** What an action complains of. */
function problemOf(path: string, { name }: Named, action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return `The ${name} ${path} cannot be used.\n${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
