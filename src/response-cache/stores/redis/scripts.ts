import { makeScript } from '../../../connections/redis/index.ts';
import type { Tag } from '../../tags.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** How many characters the name of a slot has; the scripts go by it. */
const slotLength = 3;

/** How long the invalidations are remembered when nothing happens; longer where an answer lives longer. */
const rememberedMs = 24 * 60 * 60 * 1000;

/**
 * Redis searches a small hash from end to end, hundreds of fields for each tag, unless it has a value of this length.
 */
const longValue = 65;

/**
 * What all scripts share. `KEYS[1]` is a hash: `seq`, the number of the last invalidation; `floor`, the number before
 * which everything is invalidated; for each slot the number of its last invalidation; `heard` and `lost`, how many
 * processes heard of the last invalidation and when it was fewer than before. It is one key because Redis may evict any
 * key: without it, all answers are invalidated, so that no invalidation is ever forgotten. Numbers are microseconds of
 * the server's clock or greater, so that none comes twice even if they are lost. Where there is no memory to write
 * that, all answers are invalidated as well.
 */
const prelude = `
local invalidations = KEYS[1]

local function text(number)
  return string.format('%.0f', number)
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function remember(ms)
  if redis.call('PTTL', invalidations) < ms then redis.call('PEXPIRE', invalidations, text(ms * 2)) end
end

local function write(fields)
  redis.pcall('HSETNX', invalidations, 'wide', '${'x'.repeat(longValue)}')
  for first = 1, #fields, 2000 do
    local done = redis.pcall('HSET', invalidations, unpack(fields, first, math.min(first + 1999, #fields)))
    if type(done) == 'table' and done.err then
      redis.call('UNLINK', invalidations)
      return false
    end
  end
  remember(${rememberedMs})
  return true
end

local function last()
  local known = redis.call('HMGET', invalidations, 'seq', 'floor')
  if known[1] and known[2] then return tonumber(known[1]), tonumber(known[2]) end
  local first = now()
  write({'seq', text(first), 'floor', text(first)})
  return first, first
end

local function split(slots)
  local names = {}
  for at = 1, #slots, ${slotLength} do names[#names + 1] = string.sub(slots, at, at + ${slotLength - 1}) end
  return names
end

local function isInvalidated(slots, mark, floor)
  if mark < floor then return true end
  local names = split(slots)
  for first = 1, #names, 2000 do
    local numbers = redis.call('HMGET', invalidations, unpack(names, first, math.min(first + 1999, #names)))
    for _, number in ipairs(numbers) do
      if number and tonumber(number) > mark then return true end
    end
  end
  return false
end
`;

/**
 * Keys: the invalidations, the answer. Arguments: the number before which this process trusts nothing.
 * Returns the number of the last invalidation, then, if the answer may be given, its head and its body.
 */
export const findScript = makeScript(`${prelude}
local seq, floor = last()
local entry = redis.call('HMGET', KEYS[2], 'mark', 'slots', 'head', 'body')
local mark = tonumber(entry[1])
if not mark or mark < tonumber(ARGV[1]) then return {seq} end
if isInvalidated(entry[2], mark, floor) then
  redis.call('UNLINK', KEYS[2])
  return {seq}
end
return {seq, entry[3], entry[4]}
`);

/**
 * Keys: the invalidations, the answer. Arguments: the number of the invalidation after which it was begun, its slots,
 * how many milliseconds it lives; then its head and body, if it is not too large: then an older one goes all the same.
 * Returns what has become of it. A number that is greater than the last one was given out by a clock that was ahead.
 */
export const keepScript = makeScript(`${prelude}
local seq, floor = last()
local mark = tonumber(ARGV[1])
if mark > seq or isInvalidated(ARGV[2], mark, floor) then return 'invalidated' end
if not ARGV[4] then
  redis.call('UNLINK', KEYS[2])
  return 'too-large'
end
local done = redis.pcall('HSET', KEYS[2], 'mark', ARGV[1], 'slots', ARGV[2], 'head', ARGV[4], 'body', ARGV[5])
if type(done) == 'table' and done.err then
  if string.find(done.err, 'OOM', 1, true) then return 'unavailable' end
  return done
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
remember(tonumber(ARGV[3]))
return 'stored'
`);

/**
 * Keys: the invalidations. Arguments: the channel, the message, how long a process may go on without hearing of it in
 * milliseconds; then the slots, if it is not everything.
 * Returns the number of this invalidation and how many processes hear of it, or -1 if there may be one that does not.
 */
export const invalidateScript = makeScript(`${prelude}
local time = now()
local seq, floor = last()
seq = math.max(seq + 1, time)
local known = redis.call('HMGET', invalidations, 'heard', 'lost')
local before, lost = tonumber(known[1] or 0), tonumber(known[2] or 0)
local heard = redis.call('PUBLISH', ARGV[1], text(seq) .. ' ' .. ARGV[2])
if heard < before then lost = time end
if not ARGV[4] then
  redis.call('UNLINK', invalidations)
  floor = seq
end
local fields = {'seq', text(seq), 'floor', text(floor), 'heard', heard, 'lost', text(lost)}
for _, slot in ipairs(split(ARGV[4] or '')) do
  fields[#fields + 1] = slot
  fields[#fields + 1] = text(seq)
end
write(fields)
if time - lost < ARGV[3] * 1000 then heard = -1 end
return {seq, heard}
`);

/**
 * Keys: the invalidations. Arguments: the channel. Notes how many processes hear of invalidations, now that there is
 * one more. Returns the number of the last invalidation.
 */
export const joinScript = makeScript(`${prelude}
local seq, floor = last()
local heard = redis.call('PUBSUB', 'NUMSUB', ARGV[1])[2]
local before = tonumber(redis.call('HGET', invalidations, 'heard') or 0)
if heard > before then
  write({'seq', text(seq), 'floor', text(floor), 'heard', heard})
end
return seq
`);

/**
 * The places where the invalidations of tags are written down, one name after the other, each once. There are 64³ of
 * them, so that what Redis has to remember is bounded whatever is invalidated. Tags that share one are invalidated
 * together, which is rare and does no harm. (FNV-1a, 32 bits, over UTF-16 units; all processes must reckon alike.)
 */
export function slotsOf(tags: Iterable<Tag>): string {
  const slots = new Set<string>();
  for (const tag of tags) slots.add(slotOf(tag));
  return [...slots].join('');
}

function slotOf(tag: Tag): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < tag.length; at += 1) hash = Math.imul(hash ^ tag.charCodeAt(at), 0x01000193);
  const folded = hash ^ (hash >>> 18);
  let slot = '';
  for (let shift = 0; shift < 6 * slotLength; shift += 6) slot += alphabet.charAt((folded >>> shift) & 63);
  return slot;
}
