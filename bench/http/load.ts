import type { Ask } from './ask.ts';

/** So many requests as a server can answer, for a time. */
export interface Load {
  readonly url: string;
  readonly asks: readonly Ask[];
  /** Which of `asks` are sent one after the other, over and over. */
  readonly order: readonly number[];
  /** What does not count as a failure: a success, or a rejection, which is told by its status or its body. */
  readonly expected: 'success' | 'status' | 'body';
  readonly connections: number;
  readonly seconds: number;
  /** What numbers begin with, so that they are other ones than those of other loads. */
  readonly prefix: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Requests that were not answered as expected, or not at all. */
  readonly failures: number;
}

/** A program that makes load. */
export interface LoadTool {
  readonly name: string;
  run(load: Load): Promise<LoadResult>;
}
