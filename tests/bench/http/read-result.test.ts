import { describe, expect, it } from 'vitest';
import { readResult } from '../../../bench/http/read-result.ts';

const line = '{"requests":1200,"seconds":2.001,"p50":0.31,"p99":1.9,"failures":3}';

describe('the result of a load', () => {
  it('is read from among the other lines that the program writes', () => {
    const output = `Running 2s test @ http://127.0.0.1:1\n  Requests/sec:  600.00\n${line}\n`;
    expect(readResult(output)).toEqual({ requests: 1200, seconds: 2.001, p50: 0.31, p99: 1.9, failures: 3 });
  });

  it('must be there', () => {
    expect(() => readResult('unable to connect\n')).toThrow(/no result.*unable to connect/s);
  });

  it('must be whole', () => {
    expect(() => readResult(line.replace('"failures":3', '"failed":3'))).toThrow(/no failures/);
  });

  it('must be of some requests: a server that answers none has no speed', () => {
    expect(() => readResult(line.replace('1200', '0'))).toThrow(/No request was answered/);
  });
});
