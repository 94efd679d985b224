/**
 * What strategies/sliding-window.ts does, in Lua. A bucket is three doubles: when the window began, and the units taken
 * in it and in the one before.
 */
export const slidingWindow = `
local function current(raw, duration, now)
  local start, count, before = -math.huge, 0, 0
  if raw then start, count, before = struct.unpack('<ddd', raw) end
  if now < start then return now, count, before end
  if raw and now < start + duration then return start, count, before end
  if count > 0 and now < start + 2 * duration then return start + duration, 0, count end
  return math.floor(now / duration) * duration, 0, 0
end

local function unlessEmpty(start, count, before)
  return (count > 0 or before > 0) and struct.pack('<ddd', start, count, before)
end

local function fitsAt(start, count, before, limit, duration, cost)
  local free = limit - count - cost
  if free < 0 then return fitsAt(start + duration, 0, count, limit, duration, cost) end
  if before == 0 then return start end
  return start + duration - math.floor(free * duration / before)
end

local function take(raw, limit, duration, cost, now)
  local start, count, before = current(raw, duration, now)
  if cost > limit then return false, unlessEmpty(start, count, before), math.huge end
  local time = fitsAt(start, count, before, limit, duration, cost)
  if now < time then return false, unlessEmpty(start, count, before), time - now end
  return true, struct.pack('<ddd', start, count + cost, before), 0
end

local function giveBack(raw, limit, duration, cost, takenAt, now)
  local start, count, before = current(raw, duration, now)
  if takenAt >= start then return unlessEmpty(start, math.max(0, count - cost), before) end
  if takenAt < start - duration then return unlessEmpty(start, count, before) end
  return unlessEmpty(start, count, math.max(0, before - cost))
end

local function level(raw, limit, duration, now)
  local start, count, before = current(raw, duration, now)
  if count == 0 and before == 0 then return limit, -1 end
  local left = math.ceil(before * (start + duration - now) / duration)
  return math.max(0, limit - count - left), start + (count > 0 and 2 or 1) * duration
end

local function expiresAt(raw, limit, duration)
  local start, count = struct.unpack('<dd', raw)
  return start + (count > 0 and 2 or 1) * duration
end
`;
