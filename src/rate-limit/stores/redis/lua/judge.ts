/**
 * What judge.ts does, in Lua. Equal selections that follow each other are one run: some of them are allowed, and from
 * the first that does not fit on none is, because nothing comes back in between. So a run is divided, and not gone
 * through. Expects `meta`, the number of the bucket that counts denials or 0; `sets`, each a flat list of charges by
 * bucket, cost and 1 if enforced; and `runs`, a flat list of each one's set, its length, which selection it is under, by
 * that one's run and its place in it (0 if none), and 1 if uncertain plus 2 if denied in any case.
 */
export const judgePart = `
local denials, reported, allowed, denialOf = {}, {}, {}, {}
local ownDenials, otherDenials = {}, {}

local function fitting(set, length)
  for charge = 1, #set, 3 do
    if set[charge + 2] == 1 then length = math.min(length, math.floor(left[set[charge]] / set[charge + 1])) end
  end
  return length
end

local function takeAll(run, set, times)
  for charge = 1, #set, 3 do
    local bucket, cost = set[charge], set[charge + 1]
    local taken = math.min(times, math.floor(left[bucket] / cost))
    left[bucket] = left[bucket] - taken * cost
    if taken < times then
      short[bucket] = true
      reported[#reported + 1] = run
      reported[#reported + 1] = bucket
      reported[#reported + 1] = taken
    end
  end
end

local function addDenial(bucket, cost, set, above)
  denials[#denials + 1] = { bucket = bucket, cost = cost, wait = 0, set = set, above = above }
  return #denials
end

-- The first charge that does not fit. Looks at every one, so that the tally knows of all that do not.
local function findUnfit(set)
  local bucket, cost
  for charge = 1, #set, 3 do
    if set[charge + 2] == 1 and not fits(set[charge], set[charge + 1]) and not bucket then
      bucket, cost = set[charge], set[charge + 1]
    end
  end
  return bucket, cost
end

-- Denials for the same reason are one: reasons are 0 for denials in any case, and else the denial above.
local function sharedDenial(reason, number)
  local set = sets[number]
  if reason > 0 and #set == 0 then return reason end
  otherDenials[reason] = otherDenials[reason] or {}
  local known = otherDenials[reason]
  known[number] = known[number] or addDenial(set[1] or 1, set[2] or 0, set, reason > 0 and denials[reason] or nil)
  return known[number]
end

local function judgeRun(run, number, length, above, isDenied)
  local set = sets[number]
  if above then return 0, sharedDenial(above, number) end
  if isDenied then
    findUnfit(set)
    return 0, sharedDenial(0, number)
  end
  if ownDenials[number] then return 0, ownDenials[number] end
  local times = fitting(set, length)
  takeAll(run, set, times)
  if times < length then
    local bucket, cost = findUnfit(set)
    ownDenials[number] = addDenial(bucket, cost, set)
  end
  return times, ownDenials[number]
end

local function judgeAll()
  local counted = 0
  for at = 1, #runs, 5 do
    local run, length, underRun, flags = (at + 4) / 5, runs[at + 1], runs[at + 2], runs[at + 4]
    local isUnder = underRun > 0 and runs[at + 3] >= allowed[underRun]
    local above = isUnder and denialOf[underRun]
    allowed[run], denialOf[run] = judgeRun(run, runs[at], length, above, flags >= 2)
    if not above and flags % 2 == 0 then counted = counted + length - allowed[run] end
  end
  if meta > 0 then left[meta] = left[meta] - math.min(counted, left[meta]) end
end

local function waitLonger(denial, bucket, cost)
  local wait = waitFor(bucket, cost)
  if wait > denial.wait then denial.bucket, denial.cost, denial.wait = bucket, cost, wait end
end

local function reckonWaits()
  for _, denial in ipairs(denials) do
    local set, above = denial.set, denial.above
    if above then denial.bucket, denial.cost, denial.wait = above.bucket, above.cost, above.wait end
    for charge = 1, #set, 3 do
      if set[charge + 2] == 1 then waitLonger(denial, set[charge], set[charge + 1]) end
    end
    if not above and meta > 0 then waitLonger(denial, meta, 1) end
  end
end
`;
