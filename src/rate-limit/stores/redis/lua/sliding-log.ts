/**
 * What strategies/sliding-log.ts does, in Lua, without a step for every unit. A bucket is a double, how many units had
 * left it, and then for every time that units were taken at, oldest first, two: the time, and how many units had ever
 * been taken up to it. So what is sought is found by halving, and what is taken is added at the end.
 */
export const slidingLog = `
local TIME, COUNT = 0, 8

local function timesIn(raw)
  return (#raw - 8) / 16
end

local function numberAt(raw, index, field)
  return (struct.unpack('<d', raw, 16 * index - 7 + field))
end

-- The first time whose field is above a value; one behind the last if none is.
local function firstAbove(raw, field, value)
  local low, high = 1, timesIn(raw) + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if numberAt(raw, middle, field) > value then high = middle else low = middle + 1 end
  end
  return low
end

local function current(raw, duration, now)
  if not raw then return false end
  local oldest = numberAt(raw, 1, TIME) > now - duration and 1 or firstAbove(raw, TIME, now - duration)
  local times = timesIn(raw)
  if oldest > times then return false end
  if oldest > 1 then
    raw = struct.pack('<d', numberAt(raw, oldest - 1, COUNT)) .. raw:sub(16 * oldest - 7)
    times = times - oldest + 1
  end
  if numberAt(raw, times, TIME) <= now then return raw end
  local later = firstAbove(raw, TIME, now)
  if later > 1 and numberAt(raw, later - 1, TIME) == now then later = later - 1 end
  return raw:sub(1, 16 * later - 8) .. struct.pack('<dd', now, numberAt(raw, times, COUNT))
end

-- How many units had left the log, and how many had ever been taken.
local function countsIn(log)
  return struct.unpack('<d', log), numberAt(log, timesIn(log), COUNT)
end

local function take(raw, limit, duration, cost, now)
  local log = current(raw, duration, now)
  if cost > limit then return false, log, math.huge end
  if not log then return true, struct.pack('<ddd', 0, now, cost), 0 end
  local gone, taken = countsIn(log)
  local excess = taken - gone + cost - limit
  if excess > 0 then
    local leaving = numberAt(log, firstAbove(log, COUNT, gone + excess - 1), TIME)
    return false, log, leaving + duration - now
  end
  local isNew = numberAt(log, timesIn(log), TIME) < now
  local before = isNew and log or log:sub(1, -17)
  return true, before .. struct.pack('<dd', now, taken + cost), 0
end

local function giveBack(raw, limit, duration, cost, takenAt, now)
  local log = current(raw, duration, now)
  if not log then return false end
  local time = math.min(takenAt, now)
  local index = firstAbove(log, TIME, time) - 1
  if index == 0 or numberAt(log, index, TIME) ~= time then return log end
  local before = index == 1 and struct.unpack('<d', log) or numberAt(log, index - 1, COUNT)
  local had = numberAt(log, index, COUNT) - before
  local given = math.min(cost, had)
  local parts = { log:sub(1, 16 * index - 8) }
  for later = given < had and index or index + 1, timesIn(log) do
    parts[#parts + 1] = struct.pack('<dd', numberAt(log, later, TIME), numberAt(log, later, COUNT) - given)
  end
  local left = table.concat(parts)
  return #left > 8 and left
end

local function level(raw, limit, duration, now)
  local log = current(raw, duration, now)
  if not log then return limit, -1 end
  local gone, taken = countsIn(log)
  return math.max(0, limit - taken + gone), numberAt(log, timesIn(log), TIME) + duration
end

local function expiresAt(raw, limit, duration)
  return numberAt(raw, timesIn(raw), TIME) + duration
end
`;
