import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Body, PlainReply, PlainRequest } from '../../support/client.ts';
import { sendPlain } from '../../support/client.ts';

/** The SHA-256 of a text, as clients send it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Apollo's extension for a text. */
export function extensionsOf(text: string) {
  return { persistedQuery: { version: 1, sha256Hash: sha256(text) } };
}

/** A file that can be put in its own place, at once, as deployments do. */
export interface ManifestFile {
  readonly path: string;
  readonly write: (content: object | string) => void;
}

/** A folder that goes when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-documents-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export function openManifest(content: object | string): ManifestFile {
  const path = join(newFolder(), 'documents.json');
  const write: ManifestFile['write'] = (next) => {
    writeFileSync(`${path}.new`, typeof next === 'string' ? next : JSON.stringify(next));
    renameSync(`${path}.new`, path);
  };
  write(content);
  return { path, write };
}

/** An Apollo manifest of these documents by their ids. */
export function apolloManifest(texts: Readonly<Record<string, string>>): object {
  const operations = Object.entries(texts).map(([id, body]) => ({ id, name: 'Any', type: 'query', body }));
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}

/** A schema whose documents tests register. */
export const registering = {
  typeDefs: `
    type Query { one: Int @cacheControl(maxAge: 60) plus(n: Int!): Int }
    type Mutation { add: Int }
  `,
  resolvers: {
    Query: { one: () => 1, plus: (_: unknown, { n }: { n: number }) => n + 1 },
    Mutation: { add: () => 7 },
  },
};

/** What a client is told that is to send a text. */
export const notFound = [
  { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
];

/** The two ways in which the parameters of an operation are sent. */
export const ways = ['POST', 'GET'] as const;

/** A request with these parameters. */
export function requestOf(
  method: (typeof ways)[number],
  params: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): PlainRequest {
  if (method === 'POST') {
    const body = JSON.stringify(params);
    return { headers: { 'content-type': 'application/json', ...headers }, body };
  }
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { method, path: `/graphql?${search.toString()}`, headers };
}

export interface Answered extends PlainReply {
  readonly body: Body;
}

/** Sends parameters, and reads what is answered. */
export async function askBy(
  method: (typeof ways)[number],
  url: string,
  params: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const reply = await sendPlain(url, requestOf(method, params, headers));
  return { ...reply, body: JSON.parse(reply.text) as Body };
}
