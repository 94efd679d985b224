import { type LimitOverrides, readOverrides } from '../config/limit-overrides.ts';
import { type FileKind, type FileListener, type WatchedFile, watchFile } from './watched-file.ts';

const limitsFile: FileKind<LimitOverrides> = {
  name: 'limits file',
  staying: 'The limits in force stay.',
  read: readOverrides,
};

/** A file of limits that is being watched. */
export type LimitsFile = WatchedFile<LimitOverrides>;

/** Reads a file of overrides (as `readOverrides` takes them) and tells when it says something else, as `watchFile` does. */
export function watchLimitsFile(path: string, listener: FileListener<LimitOverrides>): LimitsFile {
  return watchFile(path, limitsFile, listener);
}
