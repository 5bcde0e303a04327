-- Which road a message came by, and the two ways of saying no: for good, or not yet.

local logger = require "rspamd_logger"
local util = require "rspamd_util"

local casier = { options = rspamd_config:get_all_opt('casier') }
rspamd_plugins.casier = casier

local ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
local ROADS_OF_PEOPLE = { clients = true, jmap = true }

-- A reference in the platform's form (R-XXXX-XXXX), said to the sender and written in the log.
local function new_reference()
  local letters = {}
  for pair in util.random_hex(16):gmatch('..') do
    local at = tonumber(pair, 16) % #ALPHABET + 1
    letters[#letters + 1] = ALPHABET:sub(at, at)
  end
  local text = table.concat(letters)
  return 'R-' .. text:sub(1, 4) .. '-' .. text:sub(5, 8)
end

local function decide(task, action, text, facts, reference)
  reference = reference or new_reference()
  task:set_pre_result({
    action = action,
    message = string.format('%s [%s]', text, reference),
    module = 'casier',
  })
  logger.messagex(task, 'casier: %s: %s (%s) [%s]', action, text, facts, reference)
end

-- Refuse for good: the sender gets 554 with TEXT and a reference. FACTS go to the log only.
function casier.refuse(task, text, facts, reference)
  decide(task, 'reject', text, facts, reference)
end

-- Not yet: the message waits with whoever has it (451). For all that can't be known now.
function casier.wait(task, text, facts)
  decide(task, 'soft reject', text, facts)
end

-- Whether TASK is already held up. Asked of the action, not of who tried to set one: only the action counts.
function casier.held(task)
  local action = task:get_metric_action()
  return action == 'reject' or action == 'soft reject'
end

-- The road, as Postfix names it by its daemon name; nil for a name that is not ours.
function casier.road(task)
  local name = task:get_request_header('MTA-Name')
  return name and casier.options.roads[tostring(name)] or nil
end

-- Whether the road is one of people who signed in.
function casier.of_people(road)
  return ROADS_OF_PEOPLE[road] == true
end

-- Whether Sieve wrote the message itself: an answer or a refusal has not passed through any server yet.
function casier.fresh(task)
  return task:get_header('Received') == nil
end

rspamd_config:register_symbol({
  name = 'CASIER_ROAD',
  type = 'prefilter',
  priority = 10,
  group = 'casier',
  callback = function(task)
    local road = casier.road(task)
    if road then
      return true, 0.0, road
    end
    casier.wait(task, 'Service momentanement indisponible / Temporarily unavailable', 'no road of ours')
  end,
})

