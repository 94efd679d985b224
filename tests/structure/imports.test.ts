import { describe, expect, it } from 'vitest';
import { sourceFiles, type SourceFile } from '../support/source-files.ts';

const files = sourceFiles();

/** The folder below src that a file is in; files directly in src are their own. */
function folderOf(path: string): string {
  return path.split('/').slice(1, -1)[0] ?? path.split('/').slice(1).join('/');
}

/** Imports, as `from → to`, that start in one of the folders and end in one of the others. */
function importsBetween(from: readonly string[], to: readonly string[]): string[] {
  return files
    .filter(({ path }) => from.includes(folderOf(path)))
    .flatMap((file) =>
      file.files.filter((path) => to.includes(folderOf(path))).map((path) => `${file.path} → ${path}`),
    );
}

/** The files that import any of the packages, outside of the folder that may. */
function usersOf(packages: readonly string[], allowed: string): string[] {
  const uses = (file: SourceFile): boolean => file.packages.some((name) => packages.includes(name));
  return files.filter((file) => folderOf(file.path) !== allowed && uses(file)).map(({ path }) => path);
}

describe('the structure of src', () => {
  it('keeps limits and cache apart from each other, from the data and from the servers', () => {
    expect(importsBetween(['rate-limit'], ['response-cache', 'data', 'servers', 'schema'])).toEqual([]);
    expect(importsBetween(['response-cache'], ['rate-limit', 'data', 'servers', 'schema'])).toEqual([]);
  });

  it('keeps the data apart from everything above it', () => {
    const above = [
      'caller',
      'operation',
      'rate-limit',
      'response-cache',
      'schema',
      'servers',
      'cli',
      'config',
    ];
    expect(importsBetween(['data'], above)).toEqual([]);
  });

  it('keeps the executor apart from everything that is executed', () => {
    const own = files.filter(({ path }) => folderOf(path) === 'execution');
    const others = [...new Set(files.map(({ path }) => folderOf(path)))].filter(
      (folder) => folder !== 'execution',
    );
    expect(importsBetween(['execution'], others)).toEqual([]);
    expect([...new Set(own.flatMap(({ packages }) => packages))].toSorted()).toEqual([
      '@envelop/core',
      '@graphql-tools/executor',
      'graphql',
    ]);
  });

  it('keeps the configuration apart from everything that it configures', () => {
    const others = [...new Set(files.map(({ path }) => folderOf(path)))].filter(
      (folder) => folder !== 'config',
    );
    expect(importsBetween(['config'], others)).toEqual([]);
  });

  it('knows server frameworks in servers/ only', () => {
    expect(
      usersOf(['graphql-yoga', '@apollo/server', '@apollo/server-gateway-interface'], 'servers'),
    ).toEqual([]);
  });

  it('builds queries in data/ only', () => {
    expect(usersOf(['kysely', 'pg'], 'data')).toEqual([]);
  });

  it('knows the drivers of stores in connections/ only, which knows nothing else', () => {
    expect(usersOf(['better-sqlite3', 'ioredis', 'memcache-client'], 'connections')).toEqual([]);
    const others = [...new Set(files.map(({ path }) => folderOf(path)))].filter(
      (folder) => folder !== 'connections',
    );
    expect(importsBetween(['connections'], others)).toEqual([]);
  });

  it('joins the parts in files directly in src only', () => {
    const parts = ['rate-limit', 'response-cache', 'data', 'servers'];
    const joining = files.filter((file) => {
      const touched = new Set(file.files.map(folderOf));
      return file.path.includes('/', 4) && parts.filter((part) => touched.has(part)).length > 2;
    });
    expect(joining.map(({ path }) => path)).toEqual([]);
  });

  it('has no circles', () => {
    expect(circles(new Map(files.map((file) => [file.path, file.files])))).toEqual([]);
  });

  it('has no circles between folders', () => {
    const graph = new Map<string, string[]>();
    for (const { path, files: imported } of files) {
      const from = folderOf(path);
      const to = imported.map(folderOf).filter((folder) => folder !== from);
      graph.set(from, [...(graph.get(from) ?? []), ...to]);
    }
    expect(circles(graph)).toEqual([]);
  });

  it('reads environment variables where the program starts only', () => {
    const readers = files.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
    expect(readers).toEqual(['src/main.ts']);
  });
});

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
