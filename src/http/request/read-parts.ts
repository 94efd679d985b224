import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { clientError } from '../../errors.ts';
import { tooLarge } from './read-body.ts';

/** What a body in `multipart/form-data` holds, by the names of the parts. */
export interface Parts {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, File>;
}

export interface PartsBounds {
  /** Bytes of the whole body. */
  readonly bodyLimit: number;
  /** Files. */
  readonly uploadFiles: number;
}

/** Parts that are no files: `operations` and `map`, and some that clients add of their own. */
const mostFields = 10;

/** Bytes, and lines, of what stands above the content of a part. */
const [headSize, headLines] = [4096, 20];

/** Reads a body in parts. Rejects with the client error that says what is wrong with it, as soon as that is known. */
export function readParts(request: IncomingMessage, bounds: PartsBounds): Promise<Parts> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > bounds.bodyLimit) throw tooLarge(bounds.bodyLimit);
    if (request.headers['content-encoding'] !== undefined) throw encoded();
    const parts = new CollectedParts();
    const parser = openParser(request, bounds);
    const fail = (error: Error): void => {
      request.removeListener('data', take);
      // It may come upon more errors in what it has still to do.
      parser.removeAllListeners().on('error', () => undefined);
      parser.destroy();
      reject(error);
    };
    let size = 0;
    const take = (bytes: Buffer): void => {
      size += bytes.length;
      if (size > bounds.bodyLimit) fail(tooLarge(bounds.bodyLimit));
      else parser.write(bytes);
    };
    parser.on('field', (name, value, _isNameCut, isCut) => {
      if (isCut) fail(tooLarge(bounds.bodyLimit));
      else parts.addField(name, value);
    });
    parser.on('file', (name, stream, filename, _encoding, type) => {
      parts.addFile({ name, stream, filename, type });
    });
    parser.once('filesLimit', () => {
      fail(tooManyFiles(bounds.uploadFiles));
    });
    for (const event of ['fieldsLimit', 'partsLimit'])
      parser.once(event, () => {
        fail(bad(`it has more than ${mostFields} parts that are no files`));
      });
    parser.once('error', (error) => {
      fail(bad(error instanceof Error ? error.message : String(error)));
    });
    parser.once('finish', () => {
      resolve(parts);
    });
    request.on('data', take);
    request.once('end', () => parser.end());
    request.once('error', () => {
      fail(bad('it ends before its time'));
    });
  });
}

function openParser({ headers }: IncomingMessage, { bodyLimit, uploadFiles }: PartsBounds): BusboyInstance {
  const { 'content-type': type = '' } = headers;
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: {
        fields: mostFields,
        fieldSize: bodyLimit,
        files: uploadFiles,
        parts: mostFields + uploadFiles + 1,
        headerPairs: headLines,
        headerSize: headSize,
      },
    });
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

interface FilePart {
  readonly name: string;
  readonly stream: Readable;
  readonly filename: string | undefined;
  readonly type: string;
}

class CollectedParts implements Parts {
  readonly fields = new Map<string, string>();
  readonly files = new Map<string, File>();

  addField(name: string, value: string): void {
    this.fields.set(name, value);
  }

  addFile({ name, stream, filename = name, type }: FilePart): void {
    const contents: Buffer<ArrayBuffer>[] = [];
    stream.on('data', (bytes: Buffer<ArrayBuffer>) => contents.push(bytes));
    stream.once('end', () => this.files.set(name, new File(contents, filename, { type })));
    // The parser tells of it as well.
    stream.once('error', () => undefined);
  }
}

function bad(reason: string): Error {
  return clientError('BAD_REQUEST', `The upload cannot be read: ${reason}.`);
}

function encoded(): Error {
  return clientError('UNSUPPORTED_MEDIA_TYPE', 'An upload is taken as it is: send no Content-Encoding.');
}

export function tooManyFiles(most: number): Error {
  return clientError(
    'PAYLOAD_TOO_LARGE',
    `The upload holds more than ${most} files, each counted in every place where it is used, and may hold ${most} ` +
      '(UPLOAD_FILES). Send them in several requests.',
  );
}
