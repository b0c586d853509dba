-- Returns { 'ok', epoch, ID of the newest record ever }, { 'none' } or
-- { 'refresh' }. It is what followers ask now and then, so it keeps what is
-- known of the topic from expiring.
local verdict = enter()
if verdict ~= 'ok' then return { verdict } end
expire(false)
return { verdict, epoch, last }
