import type { HeaderField } from '../../rate-limit/index.ts';
import type { Answer, CacheOutcome } from '../../response-cache/index.ts';

/** What there is to tell about how a response may be kept, and where it came from. */
export interface CacheReport {
  /** Undefined where the cache had nothing to do with the response. */
  readonly outcome: CacheOutcome | undefined;
  /** Whether the response is the answer of the outcome and nothing else. */
  readonly isWhole: boolean;
  /** Whether the operation asks for anything limited, for whichever caller. */
  readonly isLimited: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The header fields that tell of the cache, all but `Vary`: `Cache-Control` and `Age` (RFC 9111, 5.1 and 5.2) with
 * `stale-while-revalidate` and `stale-if-error` (RFC 5861), `ETag` (RFC 9110, 8.8.3) and `Cache-Status` (RFC 9211).
 * All durations are whole seconds: those for which others may keep the response are rounded down, `ttl` up.
 */
export function cacheFields({ outcome, isWhole, isLimited, now }: CacheReport): readonly HeaderField[] {
  if (outcome === undefined) return notKept;
  const { how, answer } = outcome;
  if (answer === undefined || !isWhole) return [...notKept, ['Cache-Status', cacheStatus(outcome, now)]];
  const isKeptForOne = isPrivate(outcome, isLimited);
  const last = lastTold.get(answer);
  if (last?.now === now && last.how === how && last.isKeptForOne === isKeptForOne) return last.fields;
  const fields = fieldsOf(outcome, answer, isKeptForOne, now);
  if (how === 'hit') lastTold.set(answer, { how, isKeptForOne, now, fields });
  return fields;
}

const notKept: readonly HeaderField[] = [['Cache-Control', 'no-store']];

interface Told {
  readonly how: CacheOutcome['how'];
  readonly isKeptForOne: boolean;
  readonly now: number;
  readonly fields: readonly HeaderField[];
}

/** What was told last of hits: under load one answer is given many times a millisecond. */
const lastTold = new WeakMap<Answer, Told>();

function fieldsOf(
  outcome: CacheOutcome,
  answer: Answer,
  isKeptForOne: boolean,
  now: number,
): readonly HeaderField[] {
  const isNew = outcome.how !== 'hit' && outcome.how !== 'failure';
  // What it has taken since to write a new answer is no part of its age. One whose time is over is never new.
  const from = isNew && now < answer.freshUntil ? answer.storedAt : now;
  const age: HeaderField[] = isNew ? [] : [['Age', `${wholeSeconds(answer.storedAt, now)}`]];
  return [
    ['Cache-Control', cacheControl(answer, isKeptForOne, from)],
    ...age,
    ['ETag', answer.etag],
    ['Cache-Status', cacheStatus(outcome, now)],
  ];
}

/** Whether others may keep the response, but each for one caller only: it depends on who asks. */
export function isForOne({ outcome, isLimited }: Pick<CacheReport, 'outcome' | 'isLimited'>): boolean {
  return outcome?.answer !== undefined && isPrivate(outcome, isLimited);
}

/** A shared cache would take requests away from the limiter, and show others what one caller has left. */
function isPrivate({ scope }: CacheOutcome, isLimited: boolean): boolean {
  return scope === 'PRIVATE' || isLimited;
}

function cacheControl(answer: Answer, isKeptForOne: boolean, now: number): string {
  const { freshUntil, staleUntil, errorUntil } = answer;
  // Both windows open once the answer is stale.
  const staleFrom = Math.max(freshUntil, now);
  const whileRevalidating = wholeSeconds(staleFrom, staleUntil);
  const onError = wholeSeconds(staleFrom, errorUntil);
  const directives = [isKeptForOne ? 'private' : 'public', `max-age=${wholeSeconds(now, freshUntil)}`];
  if (whileRevalidating > 0) directives.push(`stale-while-revalidate=${whileRevalidating}`);
  if (onError > 0) directives.push(`stale-if-error=${onError}`);
  return directives.join(', ');
}

/**
 * A List of one Token with parameters (RFC 9651). Written by hand for the spaces after the semicolons, which parsers
 * pass over and the serialiser leaves out.
 */
function cacheStatus(outcome: CacheOutcome, now: number): string {
  return ['sluice', ...statusParameters(outcome, now)].join('; ');
}

function statusParameters({ how, answer, stored }: CacheOutcome, now: number): string[] {
  const ttl = answer === undefined ? [] : [`ttl=${Math.ceil((answer.freshUntil - now) / 1000)}`];
  switch (how) {
    case 'hit':
      return ['hit', ...ttl];
    // No hit: the cache went forward, and came back with nothing better (RFC 9211, 2.1 and 2.2).
    case 'failure':
      return ['fwd=stale', 'detail="stale-if-error"', ...ttl];
    case 'collapsed':
      return ['fwd=miss', 'collapsed'];
    case 'request':
      return stored === true ? ['fwd=request', 'stored'] : ['fwd=request'];
    case 'miss':
      if (stored === undefined || stored === 'error') return ['fwd=miss'];
      return [
        'fwd=miss',
        stored === true ? 'stored' : `detail="${stored === 'invalidated' ? 'overtaken' : stored}"`,
      ];
  }
}

/** The whole seconds from one time to another, both in milliseconds; 0 where the other comes first. */
function wholeSeconds(from: number, to: number): number {
  return Math.max(Math.floor((to - from) / 1000), 0);
}
