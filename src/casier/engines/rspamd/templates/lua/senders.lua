-- A sender can use only addresses that are theirs. Postfix has had the envelope checked; here it is what the
-- reader sees: From:, Sender: and their Resent- twins, every occurrence, every address.

local casier = rspamd_plugins.casier
local cryptobox_hash = require "rspamd_cryptobox_hash"
local http = require "rspamd_http"
local logger = require "rspamd_logger"
local ucl = require "ucl"

local LOGIN_HEADER = 'X-Casier-Login'
local SENDER_HEADERS = { 'From', 'Sender', 'Resent-From', 'Resent-Sender' }
local MOST_ADDRESSES = 50
local SECONDS = 5.0
-- Who the platform writes as; people's mailboxes are never called so.
local PLATFORM_NAMES = { ['noreply'] = true, ['ne-pas-repondre'] = true, ['assistance'] = true, ['postmaster'] = true }
local PLATFORM = 'platform' -- the login that the platform signs its own messages with
local BLOCK = 64 -- of SHA-256, in bytes (RFC 2104)

local NOTED = 'casier_noted'

local NOT_YOURS = "Envoi refuse : cette adresse n'est pas la votre / Sender address is not yours"
local NOT_CLEAR = "Envoi refuse : l'expediteur ne peut etre lu sans doute / The From: header is ambiguous"
local NO_LOGIN = 'Envoi refuse : aucune connexion / Sending needs a login'
local LATER = 'Service momentanement indisponible, reessayez / Temporarily unavailable, try again'

local function sha256(data)
  local hash = cryptobox_hash.create_specific('sha256')
  hash:update(data)
  return hash
end

local function padded(key, byte)
  local bytes = {}
  for at = 1, BLOCK do
    bytes[at] = string.char(bit.bxor(key:byte(at) or 0, byte))
  end
  return table.concat(bytes)
end

local function from_hex(text)
  return (text:gsub('..', function(pair) return string.char(tonumber(pair, 16)) end))
end

local key = from_hex(casier.options.header_key)
assert(#key <= BLOCK, 'the key "header" is longer than HMAC takes without hashing')
local inner, outer = padded(key, 0x36), padded(key, 0x5c)

local function hmac_hex(text)
  return sha256(outer .. sha256(inner .. text):bin()):hex()
end

-- Equal without telling by the time taken where they differ.
local function same(one, other)
  local difference = #one == #other and 0 or 1
  for at = 1, math.min(#one, #other) do
    difference = bit.bor(difference, bit.bxor(one:byte(at), other:byte(at)))
  end
  return difference == 0
end

-- Whose message it is, as the policy service signed it on top of the message; nil when that isn't beyond doubt.
function casier.login(task)
  local headers = task:get_header_full(LOGIN_HEADER) or {}
  local value = headers[1] and headers[1].value or ''
  local login, mac = value:match('^%s*(.-); (%x+)%s*$')
  if login and login ~= '' and same(hmac_hex(login), mac:lower()) then
    return login
  end
  return nil
end

local function add_all(set, list)
  for _, one in ipairs(list) do
    if not set[one] then
      set[one] = true
      set[#set + 1] = one
    end
  end
end

-- Which of the three lists of the edge's question a header's addresses belong to.
local LIST_OF = { From = 'author', Sender = 'sender' }

-- Every sender address the reader may see, and in which header; nil where one can't be read, or where there is not
-- exactly one From:.
local function senders_in(task)
  local found = { author = {}, sender = {}, others = {} }
  for _, name in ipairs(SENDER_HEADERS) do
    local headers = task:get_header_full(name) or {}
    if name == 'From' and #headers ~= 1 then
      return nil
    end
    for _, header in ipairs(headers) do
      local addresses = casier.addresses_of(header.value or '')
      if not addresses or #addresses == 0 then
        return nil
      end
      local seen = casier.lookalikes_in(header.decoded or '')
      for _, list in ipairs({ found, found[LIST_OF[name] or 'others'] }) do
        add_all(list, addresses)
        add_all(list, seen)
      end
    end
  end
  return #found <= MOST_ADDRESSES and found or nil
end

local function list_of(found)
  local list = {}
  for at, one in ipairs(found) do
    list[at] = one
  end
  return list
end

local function obey(task, question, code, body)
  local parser = ucl.parser()
  local answer = code == 200 and parser:parse_text(body) and parser:get_object() or {}
  if answer.verdict == 'allow' then
    task:insert_result(question.symbol, 0.0)
    if answer.noted and question.found then
      task:cache_set(NOTED, question.found)
    end
  elseif answer.verdict == 'reject' then
    -- The edge's words end with the reference, which refuse() adds.
    local text = (answer.text or question.refusal):gsub('%s*%[R%-[^%]]*%]$', '')
    casier.refuse(task, text, question.asked.login .. ' ' .. tostring(answer.reason), answer.reference)
  else
    casier.wait(task, LATER, string.format('%s: HTTP %s, %s', question.url, code, answer.verdict))
  end
end

-- Ask the edge: QUESTION has its `url`, what is `asked`, the `symbol` for a yes, the `refusal` for a no without words.
function casier.ask_edge(task, question)
  local sent = http.request({
    task = task,
    url = question.url,
    method = 'POST',
    headers = { ['X-Casier-Internal'] = casier.options.internal_key, ['Host'] = '127.0.0.1' },
    mime_type = 'application/json',
    body = ucl.to_format(question.asked, 'json-compact'),
    timeout = SECONDS,
    keepalive = true,
    callback = function(err, code, body)
      if err then
        casier.wait(task, LATER, question.url .. ': ' .. tostring(err))
      else
        obey(task, question, code, body)
      end
    end,
  })
  if not sent then
    casier.wait(task, LATER, question.url .. ': not asked')
  end
end

local function ask(task, login, found)
  casier.ask_edge(task, {
    url = casier.options.senders_url,
    asked = {
      login = login,
      author = list_of(found.author),
      sender = list_of(found.sender),
      others = list_of(found.others),
      size = task:get_size(),
    },
    found = { login = login, author = found.author[1], sender = found.sender[1] },
    symbol = 'CASIER_SENDER_OK',
    refusal = NOT_YOURS,
  })
end

local function platform_may(task, found)
  local ours = {}
  for _, domain in ipairs(casier.options.domains or {}) do
    ours[domain] = true
  end
  local envelope = (task:get_from('smtp') or {})[1]
  local all = list_of(found)
  if envelope and envelope.addr ~= '' then
    all[#all + 1] = envelope.addr:lower()
  end
  for _, address in ipairs(all) do
    local name, domain = address:match('^(.*)@(.-)$')
    if not PLATFORM_NAMES[name] or not (ours[domain] or domain == casier.options.hostname) then
      return false
    end
  end
  return true
end

local function check(task, road)
  local login = casier.login(task)
  if not login then
    return casier.refuse(task, NO_LOGIN, 'no signed login on road ' .. road)
  end
  local found = senders_in(task)
  if not found then
    return casier.refuse(task, NOT_CLEAR, login)
  end
  if road == 'redirect' and platform_may(task, found) then
    return task:insert_result('CASIER_SENDER_OK', 0.0) -- a refusal by Sieve, in the postmaster's name
  end
  if road ~= 'platform' then
    return ask(task, login, found)
  end
  if login == PLATFORM and platform_may(task, found) then
    task:insert_result('CASIER_SENDER_OK', 0.0)
  else
    casier.refuse(task, NOT_YOURS, login .. ' on the road of the platform')
  end
end

-- Sieve's own answers are the owner's words: they carry the owner's name only. What it passes on is another's.
local function needs_check(task, road)
  if casier.of_people(road) or road == 'platform' then
    return true
  end
  return road == 'redirect' and casier.fresh(task)
end

local id = rspamd_config:register_symbol({
  name = 'CASIER_SENDERS',
  type = 'prefilter',
  priority = 9,
  group = 'casier',
  callback = function(task)
    local road = casier.road(task)
    if needs_check(task, road) then
      check(task, road)
    end
  end,
})
rspamd_config:register_symbol({ name = 'CASIER_SENDER_OK', type = 'virtual', parent = id, group = 'casier' })

-- Who shares a mailbox is seen by the others to have answered, by whichever program: the edge is told of what passed.
local function tell(task)
  local noted = task:cache_get(NOTED)
  if not noted or casier.held(task) then
    return
  end
  local in_reply_to = (task:get_header('In-Reply-To') or ''):match('<([^<>%s]+)>') or ''
  http.request({
    task = task,
    url = casier.options.handed_over_url,
    method = 'POST',
    headers = { ['X-Casier-Internal'] = casier.options.internal_key, ['Host'] = '127.0.0.1' },
    mime_type = 'application/json',
    body = ucl.to_format({
      login = noted.login,
      author = noted.author,
      sender = noted.sender or '',
      message_id = task:get_message_id() or '',
      in_reply_to = in_reply_to,
    }, 'json-compact'),
    timeout = SECONDS,
    keepalive = true,
    callback = function(err, code)
      if err or code ~= 204 then
        logger.errx(task, 'casier: not told of an answer: %s', err or code)
      end
    end,
  })
end
rspamd_config:register_symbol({
  name = 'CASIER_HANDED_OVER',
  type = 'idempotent',
  group = 'casier',
  callback = tell,
})

-- The last word: on an authenticated road nothing passes that was not found to be the sender's own.
rspamd_config:register_symbol({
  name = 'CASIER_SENDER_PROOF',
  type = 'postfilter',
  priority = 9,
  group = 'casier',
  callback = function(task)
    if needs_check(task, casier.road(task)) and not task:has_symbol('CASIER_SENDER_OK') and not casier.held(task) then
      casier.wait(task, LATER, 'senders: no verdict')
    end
  end,
})
logger.infox(rspamd_config, 'casier: senders are checked')
