import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { preProcessFile } from 'typescript';

/** The root of the project. */
export const root = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root, such as `src/app.ts`. */
  readonly path: string;
  readonly text: string;
  /** The files of the project that it imports, from the root. */
  readonly files: readonly string[];
  /** The packages that it imports. */
  readonly packages: readonly string[];
}

/** All TypeScript files below `src`, generated ones too. */
export function sourceFiles(): SourceFile[] {
  return globSync('src/**/*.ts', { cwd: root })
    .map(readSource)
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const isLocal = (specifier: string): boolean => specifier.startsWith('.');
  return {
    path,
    text,
    files: specifiers.filter(isLocal).map((name) => relative(root, join(root, dirname(path), name))),
    packages: specifiers.filter((name) => !isLocal(name)).map(packageName),
  };
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
