-- Who signs what: our people's mail by the key of its From: domain (DKIM), what Sieve passes on by a seal (ARC).

local casier = rspamd_plugins.casier
local util = require "rspamd_util"

local ours = {}
for _, domain in ipairs(casier.options.domains or {}) do
  ours[domain] = true
end

local function key_of(domain)
  local path = string.format('%s/%s.key', casier.options.dkim_folder, domain)
  if not ours[domain] or not util.file_exists(path) then
    return nil
  end
  return { domain = domain, selector = casier.options.selector, key = path }
end

-- The key for a message that leaves in our own name; nil for others' mail.
function casier.dkim_key(task)
  local road = casier.road(task)
  local from = task:get_from('mime')
  if not from or #from ~= 1 or task:has_pre_result() then
    return nil
  end
  if not (casier.of_people(road) or road == 'platform' or (road == 'redirect' and casier.fresh(task))) then
    return nil
  end
  return key_of(from[1].domain:lower())
end

-- The key that seals what is passed on: the next server learns what we had found when it came in (RFC 8617).
function casier.arc_key(task)
  if casier.road(task) ~= 'redirect' or casier.fresh(task) or task:has_pre_result() then
    return nil
  end
  return key_of(casier.options.seal_domain)
end
