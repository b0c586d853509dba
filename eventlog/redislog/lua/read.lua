-- Returns records after a position:
--
--   { 'ok', epoch, ID of the newest record ever, record, … }
--   { 'epoch', epoch, oldest ID }        it is of another epoch
--   { 'gone', epoch, oldest ID, newest ID ever }  a record after it may be gone
--   { 'none', microseconds now }         there is no such topic
--   { 'refresh' }
--
--   ARGV[8], ARGV[9]  epoch and ID of the position; empty epoch for any, empty
--                     ID for the beginning
--   ARGV[10]          1 to look whether all records after the position are there
--   ARGV[11]          about how many bytes

-- whole reports whether all records after an ID are there: its own is, or it is
-- the one before the oldest, or the newest there ever was.
local function whole(id)
  if #redis.call('XRANGE', stream, id, id) == 1 then return true end
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if first then return first[2][6] == id end
  return last == id
end

local verdict = enter()
if verdict == 'none' then return { verdict, string.format('%.0f', now) } end
if verdict ~= 'ok' then return { verdict } end
trim()
expire(false)
if ARGV[8] ~= '' and ARGV[8] ~= epoch then return { 'epoch', epoch, oldest() } end
local from = '-'
if ARGV[9] ~= '' then
  if ARGV[10] == '1' and not whole(ARGV[9]) then return { 'gone', epoch, oldest(), last } end
  from = '(' .. ARGV[9]
end
local reply, left, step = { 'ok', epoch, last }, tonumber(ARGV[11]), 4
while left > 0 do
  local records = redis.call('XRANGE', stream, from, '+', 'COUNT', step)
  for _, r in ipairs(records) do
    reply[#reply + 1] = r
    left = left - #r[2][4] - 100
  end
  if #records < step then break end
  from = '(' .. records[#records][1]
  step = math.min(2 * step, 64)
end
return reply
