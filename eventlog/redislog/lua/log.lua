-- Returns what is known of a log: epoch, gen and limits. It makes the log if it
-- is not there, and gives it a new epoch if it may have lost records.
--
--   KEYS[1]     a hash: epoch, gen (rises with each epoch), rid, run,
--               events, age, bytes
--   ARGV[1]     a random epoch
--   ARGV[2]     1 if a failover loses nothing
--   ARGV[3..5]  limits to set; none to leave them
local key = KEYS[1]
local h = redis.call('HMGET', key, 'epoch', 'gen', 'rid', 'run', 'events', 'age', 'bytes')
local verdict, rid, run = judge(key, h[3], h[4], ARGV[2] == '1')
local epoch, gen = h[1], h[2]
if not epoch or verdict == 'lost' then
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  if gen then now = math.max(now, tonumber(gen) + 1) end
  epoch, gen = ARGV[1], string.format('%.0f', now)
end
if verdict ~= 'same' or not h[1] then
  redis.call('HSET', key, 'epoch', epoch, 'gen', gen, 'rid', rid, 'run', run)
end
local limits = { h[5] or '0', h[6] or '0', h[7] or '0' }
if ARGV[3] then
  local set = { ARGV[3], ARGV[4], ARGV[5] }
  if not h[5] or set[1] ~= limits[1] or set[2] ~= limits[2] or set[3] ~= limits[3] then
    redis.call('HSET', key, 'events', set[1], 'age', set[2], 'bytes', set[3])
  end
  limits = set
end
return { epoch, gen, limits[1], limits[2], limits[3] }
