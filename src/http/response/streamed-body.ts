import type { StreamMediaType } from '../request/media-type.ts';

const boundary = '-';

/** The Content-Type of a response that may come in several pieces. */
export const streamedContentType: Readonly<Record<StreamMediaType, string>> = {
  'text/event-stream': 'text/event-stream; charset=utf-8',
  'multipart/mixed': `multipart/mixed; boundary="${boundary}"`,
};

/**
 * A result as the only one of a stream, as engines write those of several: GraphQL over Server-Sent Events in its mode of
 * distinct connections, or the parts of incremental delivery over HTTP.
 * @param json without line breaks
 */
export function streamedBody(mediaType: StreamMediaType, json: string): string {
  if (mediaType === 'text/event-stream') return `event: next\ndata: ${json}\n\nevent: complete\ndata:\n\n`;
  const fields = `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}`;
  return `\r\n--${boundary}\r\n${fields}\r\n\r\n${json}\r\n--${boundary}--\r\n`;
}
