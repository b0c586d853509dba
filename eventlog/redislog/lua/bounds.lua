-- Returns { 'ok', epoch, oldest ID, newest ID ever }, { 'none' } or { 'refresh' }.
local verdict = enter()
if verdict ~= 'ok' then return { verdict } end
trim()
expire(false)
return { verdict, epoch, oldest(), last }
