-- judge compares the server with the one that a key has last seen, by the ID of
-- its replication (rid) and of its process (run). It returns
--
--   'same'     nothing changed
--   'changed'  the server was started again and had its append-only file, or
--              gave its replication another ID, as it does when it had no
--              replica for an hour
--   'lost'     a replica took over, or a server without an append-only file
--              was started: there is no telling what is missing
--
-- and the two IDs.
local function judge(key, rid, run, trusted)
  local info = redis.call('INFO', 'replication')
  if string.find(info, 'role:slave', 1, true) then
    redis.call('PERSIST', key) -- fails: what a replica has may be old
  end
  local new_rid = string.match(info, 'master_replid:(%w+)')
  if rid == new_rid then return 'same', rid, run end
  local new_run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  if run == new_run then return 'changed', new_rid, new_run end
  local promoted = string.find(string.match(info, 'master_replid2:(%w+)'), '[^0]')
  local kept = string.find(redis.call('INFO', 'persistence'), 'aof_enabled:1', 1, true)
  if not kept or promoted and not trusted then return 'lost', new_rid, new_run end
  return 'changed', new_rid, new_run
end
