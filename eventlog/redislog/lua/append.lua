-- Appends entries. Returns the epoch and the ID of each.
--
--   KEYS[3..]  keys of entries
--   ARGV[8]    a channel
--   ARGV[9]    a random number below 2048
--   ARGV[10]   a random name of this call
--   ARGV[11]   if this call may have been carried out already: how many
--              microseconds ago it was first tried. Else empty
--   ARGV[12]   how long keys are kept, in milliseconds
--   ARGV[13]   up to how many bytes a record is published itself
--   then for each entry: the index in KEYS of its key or 0, type, retry, data
local verdict = enter()
if verdict == 'refresh' then return { verdict } end
if verdict == 'none' then
  -- What is left of the stream, if Redis evicted the hash alone, is of no use.
  redis.call('DEL', stream)
  epoch, gen, born, last, bytes, age = log_epoch, log_gen, format(now, tonumber(ARGV[9])) .. ARGV[10], '', 0, 0
  local _, rid, run = judge(meta, false, false, false)
  redis.call('HSET', meta, 'epoch', epoch, 'gen', gen, 'rid', rid, 'run', run, 'born', born, 'age', 0)
end

-- What the first try has appended, by the number of the entry. It was written
-- in one piece, so an entry that is not found has a key that was there before.
local found = {}
if ARGV[11] ~= '' then
  local from, to = format(math.max(now - tonumber(ARGV[11]), 0), 0), '+'
  while true do
    local records = redis.call('XREVRANGE', stream, to, from, 'COUNT', 64)
    for _, r in ipairs(records) do
      local call, i = string.match(r[2][12], '^(.*)/(%d+)$')
      if call == ARGV[10] then found[tonumber(i)] = r[1] end
    end
    if #records < 64 then break end
    to = '(' .. records[#records][1]
  end
end

-- The time alone would repeat itself where a clock steps back, or where another
-- server takes over that lacks the last records. So a call begins at a random
-- number within its microsecond, and never within the last one's.
local us, n
local function next_id()
  if us then
    n = n + 1
    if n > 4095 then us, n = us + 1, 0 end
    return format(us, n)
  end
  us, n = now, tonumber(ARGV[9])
  if last ~= '' then us = math.max(us, parse(last) + 1) end
  return format(us, n)
end

local inline = tonumber(ARGV[13])
local reply = { epoch }
for at = 14, #ARGV, 4 do
  local i, key = #reply, tonumber(ARGV[at])
  local typ, retry, data = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local id = found[i]
  if not id and key > 0 then
    local of, was = string.match(redis.call('GET', KEYS[key]) or '', '^(%S+) (%S+)$')
    if of == born then id = was end
  end
  if not id then
    id = next_id()
    redis.call('XADD', stream, id, 't', typ, 'd', data, 'p', last, 'r', retry,
      'b', string.format('%.0f', bytes), 'c', ARGV[10] .. '/' .. i)
    local size = #typ + #data
    local head = epoch .. ' ' .. id
    if size <= inline then
      head = head .. ' ' .. last .. ' ' .. retry .. ' ' .. #typ .. '\n' .. typ .. data
    end
    redis.call('PUBLISH', ARGV[8], head)
    if key > 0 then redis.call('SET', KEYS[key], born .. ' ' .. id, 'PX', ARGV[12]) end
    last, bytes = id, bytes + size
  end
  reply[i + 1] = id
end

-- Written even if nothing was appended: WAIT waits for what its own connection
-- wrote.
redis.call('HSET', meta, 'last', last, 'bytes', string.format('%.0f', bytes))
trim()
expire(true)
return reply
