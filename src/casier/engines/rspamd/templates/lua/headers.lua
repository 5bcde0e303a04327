-- What is taken off a message and what is put on it.

local casier = rspamd_plugins.casier
local auth_results = require "lua_auth_results"
local lua_mime = require "lua_mime"
local lua_util = require "lua_util"

-- On the public road: our verdict on who sent it, in place of verdicts that others wrote in (RFC 8601 §5).
local function public_headers(task)
  local verdict = auth_results.gen_auth_results(task, lua_util.override_defaults(
    auth_results.default_settings, { add_smtp_user = false }))
  return {
    remove = { ['Authentication-Results'] = 0, ['X-Spam'] = 0 },
    add = { ['Authentication-Results'] = {
      order = 1,
      value = lua_util.fold_header(task, 'Authentication-Results', verdict, ';'),
    } },
  }
end

rspamd_config:register_symbol({
  name = 'CASIER_HEADERS',
  type = 'postfilter',
  group = 'casier',
  callback = function(task)
    if casier.road(task) == 'public' then
      lua_mime.modify_headers(task, public_headers(task))
    else
      -- The login was for us only: whoever knows one could use it again.
      lua_mime.modify_headers(task, { remove = { ['X-Casier-Login'] = 0 } })
    end
  end,
})

-- A rule of the package waits for two symbols of a module that is switched off (it fetches lists from elsewhere).
for _, name in ipairs({ 'FREEMAIL_FROM', 'FREEMAIL_REPLYTO' }) do
  rspamd_config:register_symbol({
    name = name,
    group = 'casier',
    callback = function() return false end,
  })
end
