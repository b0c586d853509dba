-- Removes the records before an ID. Returns { 'ok' }, { 'epoch', epoch, oldest
-- ID } if the position is of another one, { 'none' } or { 'refresh' }.
--
--   ARGV[8], ARGV[9]  epoch of the position, empty for any, and that ID, empty
--                     for the beginning
local verdict = enter()
if verdict ~= 'ok' then return { verdict } end
if ARGV[8] ~= '' and ARGV[8] ~= epoch then return { 'epoch', epoch, oldest() } end
if ARGV[9] ~= '' then redis.call('XTRIM', stream, 'MINID', '=', ARGV[9]) end
return { verdict }
