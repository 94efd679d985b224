import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What a new tab holds. It is valid for any schema. */
const defaultQuery = `# Ctrl-Space suggests what can be asked for, Ctrl-Enter asks.
{
  __typename
}
`;

/** A page in one encoding. */
interface EncodedPage {
  readonly body: Buffer;
  readonly etag: string;
}

export type PageEncoding = 'br' | 'gzip' | 'identity';

export interface Page {
  readonly encoded: Readonly<Record<PageEncoding, EncodedPage>>;
  /** The Content-Security-Policy that it runs under. */
  readonly policy: string;
}

/** Makes the GraphiQL page, which comes whole: it loads nothing from elsewhere. Takes about a second. */
export async function makeGraphiQL(): Promise<Page> {
  // Several megabytes, loaded when somebody first opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({ title: 'Sluice', endpoint: '/graphql', defaultQuery });
  const identity = Buffer.from(html);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const [br, gzipped] = await Promise.all([
    promisify(brotliCompress)(identity, { params: quality }),
    promisify(gzip)(identity, { level: 6 }),
  ]);
  const tag = hashOf(html).slice(0, 22);
  return {
    encoded: {
      br: { body: br, etag: `"${tag}-br"` },
      gzip: { body: gzipped, etag: `"${tag}-gzip"` },
      identity: { body: identity, etag: `"${tag}"` },
    },
    policy: policyOf(html),
  };
}

/** The editor makes its workers of texts that the page holds, and sets styles of its own while it runs. */
function policyOf(html: string): string {
  const start = html.indexOf('<script>') + '<script>'.length;
  // In the script the tag that ends it cannot stand.
  const script = html.slice(start, html.indexOf('</script', start));
  return [
    "default-src 'none'",
    `script-src 'sha256-${hashOf(script)}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
