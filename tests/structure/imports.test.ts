import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, type SourceFile, sourceFiles } from '../support/source-files.ts';

const files = sourceFiles();
const allowed = readTable(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

/** The folder below src that a file is in; files directly in src are their own. */
function partOf(path: string): string {
  const [, first = '', ...rest] = path.split('/');
  return rest.length === 0 ? first : `${first}/`;
}

/** What each part of src may import, as the table in CONTRIBUTING.md says it. */
function readTable(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = text.matchAll(/^\| `([\w-]+(?:\/|\.ts))` +\|[^|]*\|([^|]*)\|$/gm);
  return new Map(
    Array.from(rows, ([, part = '', names = '']) => [
      part,
      Array.from(names.matchAll(/`(.*?)`/g), ([, name = '']) => name),
    ]),
  );
}

/** The files that import any of the packages, outside of the parts that may. */
function usersOf(packages: readonly string[], ...parts: readonly string[]): string[] {
  const uses = (file: SourceFile): boolean => file.packages.some((name) => packages.includes(name));
  return files.filter((file) => !parts.includes(partOf(file.path)) && uses(file)).map(({ path }) => path);
}

describe('the structure of src', () => {
  it('has a row in the table of CONTRIBUTING.md for each of its parts, and no other', () => {
    expect([...allowed.keys()].toSorted()).toEqual(
      [...new Set(files.map(({ path }) => partOf(path)))].toSorted(),
    );
  });

  it('has each part import only what the table of CONTRIBUTING.md says', () => {
    const others = files.flatMap(({ path, files: imported }) => {
      const part = partOf(path);
      const known = [part, ...(allowed.get(part) ?? [])];
      return imported.filter((to) => !known.includes(partOf(to))).map((to) => `${path} → ${to}`);
    });
    expect(others).toEqual([]);
  });

  it('enters each folder that has an index.ts through it', () => {
    const passed = files.flatMap(({ path, files: imported }) =>
      imported.filter((to) => !isEnteredByDoor(path, to)).map((to) => `${path} → ${to}`),
    );
    expect(passed).toEqual([]);
  });

  it('has no file beside a folder of the same name', () => {
    const twins = files.filter(({ path }) => existsSync(join(root, path.replace(/\.ts$/, '/'))));
    expect(twins.map(({ path }) => path)).toEqual([]);
  });

  it('knows server frameworks in engines/ only', () => {
    expect(
      usersOf(['graphql-yoga', '@apollo/server', '@apollo/server-gateway-interface'], 'engines/'),
    ).toEqual([]);
  });

  it('builds queries in database/ and in the shop only', () => {
    expect(usersOf(['kysely'], 'database/', 'shop/')).toEqual([]);
    expect(usersOf(['pg'], 'database/')).toEqual([]);
  });

  it('knows the drivers of stores in connections/ only', () => {
    expect(usersOf(['better-sqlite3', 'ioredis', 'memcache-client'], 'connections/')).toEqual([]);
  });

  it('keeps the executor apart from everything that is executed', () => {
    const own = files.filter(({ path }) => partOf(path) === 'execution/');
    expect([...new Set(own.flatMap(({ packages }) => packages))].toSorted()).toEqual([
      '@envelop/core',
      '@graphql-tools/executor',
      'graphql',
    ]);
  });

  it('has no circles', () => {
    expect(circles(new Map(files.map((file) => [file.path, file.files])))).toEqual([]);
  });

  it('has no circles between folders', () => {
    const graph = new Map<string, string[]>();
    for (const { path, files: imported } of files) {
      const from = partOf(path);
      const to = imported.map(partOf).filter((part) => part !== from);
      graph.set(from, [...(graph.get(from) ?? []), ...to]);
    }
    expect(circles(graph)).toEqual([]);
  });

  it('reads environment variables where the program starts only', () => {
    const readers = files.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
    expect(readers).toEqual(['src/main.ts']);
  });
});

/** Whether every folder that an import leads into, and that has an index.ts, is entered by that. */
function isEnteredByDoor(from: string, to: string): boolean {
  for (let folder = dirname(to); folder !== 'src'; folder = dirname(folder)) {
    const isEntered = !from.startsWith(`${folder}/`);
    const door = `${folder}/index.ts`;
    if (isEntered && to !== door && existsSync(join(root, door))) return false;
  }
  return true;
}

/** The circles of a graph, each told once. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const start = way.indexOf(node);
    if (start !== -1) found.add([...way.slice(start), node].join(' → '));
    if (start !== -1 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return [...found];
}
