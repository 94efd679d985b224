/**
 * What strategies/token-bucket.ts does, in Lua. A bucket is two doubles: when the debt was reckoned, and the debt in
 * unit·milliseconds.
 */
export const tokenBucket = `
local function current(raw, now)
  if not raw then return false, 0 end
  local at, debt = struct.unpack('<dd', raw)
  if now < at then at = now end
  return at, debt
end

local function debtAt(at, debt, limit, now)
  return math.max(0, debt - (now - (at or now)) * math.max(1, limit))
end

local function take(raw, limit, duration, cost, now)
  local at, debt = current(raw, now)
  if cost > limit then return false, at and struct.pack('<dd', at, debt), math.huge end
  local time = at and at + math.ceil((debt - (limit - cost) * duration) / math.max(1, limit)) or now
  if now < time then return false, struct.pack('<dd', at, debt), time - now end
  return true, struct.pack('<dd', now, debtAt(at, debt, limit, now) + cost * duration), 0
end

local function giveBack(raw, limit, duration, cost, takenAt, now)
  local at, debt = current(raw, now)
  local given = math.max(0, math.min(cost * duration, limit * (takenAt + duration - now)))
  local left = debtAt(at, debt, limit, now) - given
  return left > 0 and struct.pack('<dd', now, left)
end

local function level(raw, limit, duration, now)
  local at, debt = current(raw, now)
  local left = debtAt(at, debt, limit, now)
  if left == 0 then return limit, -1 end
  return math.max(0, limit - math.ceil(left / duration)), now + math.ceil(left / math.max(1, limit))
end

local function expiresAt(raw, limit, duration)
  local at, debt = struct.unpack('<dd', raw)
  return at + math.ceil(debt / math.max(1, limit))
end
`;
