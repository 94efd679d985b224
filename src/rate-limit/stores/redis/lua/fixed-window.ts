/**
 * What strategies/fixed-window.ts does, in Lua. A bucket is two doubles: when the window opened and the units used in
 * it. Every strategy has the same four functions; `raw` is the bucket as Redis has it, false while it is not in use, and
 * -1 stands for no time.
 */
export const fixedWindow = `
local function current(raw, duration, now)
  if not raw then return false end
  local start, used = struct.unpack('<dd', raw)
  if now >= start + duration then return false end
  if now < start then start = now end
  return start, used
end

local function take(raw, limit, duration, cost, now)
  local start, used = current(raw, duration, now)
  if cost > limit then return false, start and struct.pack('<dd', start, used), math.huge end
  if not start then return true, struct.pack('<dd', now, cost), 0 end
  if used + cost > limit then return false, struct.pack('<dd', start, used), start + duration - now end
  return true, struct.pack('<dd', start, used + cost), 0
end

local function giveBack(raw, limit, duration, cost, takenAt, now)
  local start, used = current(raw, duration, now)
  if not start then return false end
  if takenAt < start then return struct.pack('<dd', start, used) end
  return used > cost and struct.pack('<dd', start, used - cost)
end

local function level(raw, limit, duration, now)
  local start, used = current(raw, duration, now)
  if not start then return limit, -1 end
  return math.max(0, limit - used), start + duration
end

local function expiresAt(raw, limit, duration)
  return struct.unpack('<d', raw) + duration
end
`;
