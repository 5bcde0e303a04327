-- Where Sieve may pass a message on to. Anyone may write rules by JMAP, so the policy holds here: the edge is asked
-- about each message that the store hands over for others, and without its yes none passes.

local casier = rspamd_plugins.casier
local logger = require "rspamd_logger"

local REFUSED = 'Redirection refusee par votre academie / Your academy forbids this redirect'
local LATER = 'Service momentanement indisponible, reessayez / Temporarily unavailable, try again'

-- What Sieve writes itself goes back to who wrote; the rest is passed on.
local function is_passed_on(task)
  return casier.road(task) == 'redirect' and not casier.fresh(task)
end

local id = rspamd_config:register_symbol({
  name = 'CASIER_REDIRECTS',
  type = 'prefilter',
  priority = 9,
  group = 'casier',
  callback = function(task)
    if not is_passed_on(task) then
      return
    end
    local recipients = {}
    for at, recipient in ipairs(task:get_recipients('smtp') or {}) do
      recipients[at] = recipient.addr
    end
    casier.ask_edge(task, {
      url = casier.options.redirects_url,
      asked = { login = casier.login(task) or '', recipients = recipients },
      symbol = 'CASIER_REDIRECT_OK',
      refusal = REFUSED,
    })
  end,
})
rspamd_config:register_symbol({ name = 'CASIER_REDIRECT_OK', type = 'virtual', parent = id, group = 'casier' })

rspamd_config:register_symbol({
  name = 'CASIER_REDIRECT_PROOF',
  type = 'postfilter',
  priority = 9,
  group = 'casier',
  callback = function(task)
    if is_passed_on(task) and not task:has_symbol('CASIER_REDIRECT_OK') and not casier.held(task) then
      casier.wait(task, LATER, 'redirects: no verdict')
    end
  end,
})
logger.infox(rspamd_config, 'casier: redirects are checked')
