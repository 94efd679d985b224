import type { PlainRequest } from './client.ts';

const boundary = 'x';

/** One part of an upload: its header fields as they are written, and its content. */
export interface Part {
  readonly head: string;
  readonly content: string;
}

export function field(name: string, content: string): Part {
  return { head: `Content-Disposition: form-data; name="${name}"`, content };
}

export function file(name: string, content: string, filename = 'a.txt'): Part {
  return {
    head: `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: text/plain`,
    content,
  };
}

/** An upload of these parts. @param end what stands after the last of them */
export function uploadOf(
  parts: readonly Part[],
  headers: Readonly<Record<string, string>> = {},
  end = `--${boundary}--\r\n`,
): PlainRequest {
  const texts = parts.map(({ head, content }) => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'graphql-preflight': '1',
      ...headers,
    },
    body: texts.join('') + end,
  };
}

/** What an upload is to hold. */
export interface Upload {
  readonly operations: unknown;
  readonly map?: unknown;
  /** Their contents, by the names of the parts. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A well-formed upload. */
export function upload(
  { operations, map = {}, files = {} }: Upload,
  headers?: Record<string, string>,
): PlainRequest {
  const parts = [
    field('operations', JSON.stringify(operations)),
    field('map', JSON.stringify(map)),
    ...Object.entries(files).map(([name, content]) => file(name, content)),
  ];
  return uploadOf(parts, headers);
}
