-- Sends the requests of the Lua file that LOAD names, and writes what came of them as one line of JSON.
local load = dofile(os.getenv("LOAD"))
local threads = {}
local sent = 0
failed = 0

local function isNumbered(ask)
  return string.find(ask.body, load.numberPlace, 1, true) ~= nil
end

local function escaped(text)
  return (string.gsub(text, "%p", "%%%0"))
end

function setup(thread)
  table.insert(threads, thread)
end

local function numbered(ask)
  local place = escaped(load.numberPlace)
  return function()
    local body = string.gsub(ask.body, place, load.prefix .. sent)
    return wrk.format(ask.method, ask.path, ask.headers, body)
  end
end

local function constant(ask)
  local text = wrk.format(ask.method, ask.path, ask.headers, ask.body ~= "" and ask.body or nil)
  return function()
    return text
  end
end

local only = load.asks[1]
if #load.asks == 1 and not isNumbered(only) then
  -- Without a function there is nothing to call for each request.
  wrk.method, wrk.path, wrk.headers = only.method, only.path, only.headers
  wrk.body = only.body ~= "" and only.body or nil
else
  local makers = {}

  function init()
    for index, ask in ipairs(load.asks) do
      makers[index] = isNumbered(ask) and numbered(ask) or constant(ask)
    end
  end

  function request()
    local make = makers[load.order[sent % #load.order + 1] + 1]
    sent = sent + 1
    return make()
  end
end

local function isRejection(status, body)
  if load.expected == "status" then
    return status == 429
  end
  return status == 200 and string.find(body, load.rejectionMark, 1, true) ~= nil
end

-- Being told of every response takes wrk longer. It counts by itself what is no success.
if load.expected ~= "success" then
  function response(status, _, body)
    if not isRejection(status, body) then
      failed = failed + 1
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local unexpected = load.expected == "success" and errors.status or 0
  for _, thread in ipairs(threads) do
    unexpected = unexpected + thread:get("failed")
  end
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.6f,"p99":%.6f,"failures":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    unexpected + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
