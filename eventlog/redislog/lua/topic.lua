-- What the scripts of a topic begin with. Two keys hold a topic:
--
--   KEYS[1]  a stream: its records, each with the fields
--            t (type), d (data), p (ID of the record before), r (retry),
--            b (bytes of all records before), c (call that appended it)
--   KEYS[2]  a hash: epoch and gen (of the log, as of when the topic last
--            looked), rid and run (the server, likewise), born (marks this
--            pair of keys), last (ID of the newest record ever), bytes
--            (of all records ever), age (that the expiry was set for)
--
-- An ID is a time in microseconds and a number below 4096. Numbers here are
-- doubles: microseconds fit, offsets would not.
--
--   ARGV[1], ARGV[2]  epoch and gen of the log, as the caller knows them
--   ARGV[3]           a random epoch; empty if the caller has not just looked
--                     whether the log is still there
--   ARGV[4]           1 if a failover loses nothing
--   ARGV[5..7]        limits: events, microseconds, bytes; 0 is none
local stream, meta = KEYS[1], KEYS[2]
local log_epoch, log_gen, candidate = ARGV[1], ARGV[2], ARGV[3]
local max_events, max_age, max_bytes = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function parse(id)
  local us, n = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(us), tonumber(n)
end

local function format(us, n)
  return string.format('%.0f-%d', us, n)
end

local epoch, gen, born, last, bytes, age

-- enter loads the topic and reports what stands in the way of using it:
-- 'refresh' if the caller has to look at the log first, 'none' if the topic is
-- not there.
local function enter()
  local m = redis.call('HMGET', meta, 'epoch', 'gen', 'rid', 'run', 'born', 'last', 'bytes', 'age')
  local verdict, rid, run = judge(meta, m[3], m[4], ARGV[4] == '1')
  if not m[1] then
    if candidate == '' then return 'refresh' end
    return 'none'
  end
  epoch, gen, born, last, bytes, age = m[1], m[2], m[5], m[6], tonumber(m[7]), tonumber(m[8])
  if verdict == 'lost' and candidate == '' then return 'refresh' end
  if tonumber(log_gen) > tonumber(gen) then
    epoch, gen, verdict = log_epoch, log_gen, 'changed'
  elseif verdict == 'lost' then
    -- In a cluster the log's own key may be on a server that lost nothing.
    epoch = candidate
  end
  if verdict ~= 'same' then
    redis.call('HSET', meta, 'epoch', epoch, 'gen', gen, 'rid', rid, 'run', run)
  end
  return 'ok'
end

-- expire has an idle topic vanish: its records when the newest is too old, and
-- what is known of them later, so that who follows an idle topic notices
-- nothing. Reading and following keep the latter.
local function expire(appended)
  if max_age == 0 then
    if age ~= 0 then
      redis.call('PERSIST', stream)
      redis.call('PERSIST', meta)
      redis.call('HSET', meta, 'age', 0)
    end
    return
  end
  local ms = math.ceil(max_age / 1000)
  if not appended and age == max_age and redis.call('PTTL', meta) > ms + 30000 then return end
  redis.call('PEXPIRE', meta, string.format('%.0f', 2 * ms + 60000))
  if appended or age ~= max_age then
    local us = parse(last)
    redis.call('PEXPIREAT', stream, string.format('%.0f', math.ceil(us / 1000) + ms + 1000))
    redis.call('HSET', meta, 'age', string.format('%.0f', max_age))
    age = max_age
  end
end

local function trim_bytes()
  local step = 1
  while true do
    local records = redis.call('XRANGE', stream, '-', '+', 'COUNT', step)
    local keep
    for _, r in ipairs(records) do
      if r[1] == last or bytes - tonumber(r[2][10]) <= max_bytes then
        keep = r[1]
        break
      end
    end
    if #records == 0 or keep == records[1][1] then return end
    if keep then
      redis.call('XTRIM', stream, 'MINID', '=', keep)
      return
    end
    local us, n = parse(records[#records][1])
    redis.call('XTRIM', stream, 'MINID', '=', format(us, n + 1))
    step = math.min(2 * step, 64)
  end
end

-- trim applies the limits.
local function trim()
  if max_events > 0 then redis.call('XTRIM', stream, 'MAXLEN', '=', string.format('%.0f', max_events)) end
  if max_age > 0 then redis.call('XTRIM', stream, 'MINID', '=', format(math.max(now - max_age, 0), 0)) end
  if max_bytes > 0 then trim_bytes() end
end

-- oldest returns the ID of the oldest record, or the empty string.
local function oldest()
  local r = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)
  return r[1] and r[1][1] or ''
end
