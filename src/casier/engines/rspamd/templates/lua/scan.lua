-- Nothing passes that clamd has not called clean, on any road: the whole message, then each part of it.
-- The rule waits for the words "stream: OK"; a silence, an error or an odd answer is not one (the message waits).

local casier = rspamd_plugins.casier
local tcp = require "rspamd_tcp"
local util = require "rspamd_util"

local SECONDS = 60.0
local TRIES = 2
local MOST_PARTS = 2000
-- clamd recognises a message by its first line, and the platform's own header isn't one that it knows.
local MESSAGE_START = 'Return-Path: <>\r\n'

local LATER = 'Antivirus momentanement indisponible, reessayez / Virus scanner unavailable, try again'
local INFECTED = 'Message refuse : virus detecte / Refused: virus found'
local ENCRYPTED = 'Message refuse : piece jointe protegee par mot de passe, donc non analysable'
  .. ' / Refused: password-protected attachment cannot be scanned'
local TOO_DEEP = 'Message refuse : archive trop grande ou trop imbriquee pour etre analysee'
  .. ' / Refused: archive too large or too deeply nested to be scanned'

local function refuse_for(task, name)
  if name:find('^Heuristics%.Encrypted') then
    casier.refuse(task, ENCRYPTED, name)
  elseif name:find('^Heuristics%.Limits') then
    casier.refuse(task, TOO_DEEP, name)
  else
    casier.refuse(task, INFECTED, name)
  end
end

-- Understand clamd's answer: true for clean; otherwise the message has been refused or put off.
local function clean(task, answer)
  answer = tostring(answer):gsub('[%z\r\n]+$', '')
  if answer == 'stream: OK' then
    return true
  end
  local name = answer:match('^stream: (.+) FOUND$')
  if name then
    refuse_for(task, name)
  elseif answer:find('size limit exceeded', 1, true) then
    casier.refuse(task, TOO_DEEP, answer)
  else
    casier.wait(task, LATER, 'clamd: ' .. answer)
  end
  return false
end

local function send(task, piece, tries, go_on)
  local size = #piece.data + #(piece.start or '')
  local sent = tcp.request({
    task = task,
    host = casier.options.clamd,
    port = 0,
    timeout = SECONDS,
    stop_pattern = '\0',
    data = {
      util.pack('c9 c1 >I4', 'zINSTREAM', '\0', size),
      piece.start or '',
      piece.data,
      util.pack('>I4', 0),
    },
    callback = function(err, answer)
      if not err then
        if clean(task, answer) then
          go_on()
        end
      elseif tries > 1 then
        send(task, piece, tries - 1, go_on)
      else
        casier.wait(task, LATER, 'clamd: ' .. tostring(err))
      end
    end,
  })
  if not sent then
    casier.wait(task, LATER, 'clamd: not asked')
  end
end

-- The message itself, then what is in it, each content once.
local function pieces_of(task)
  local pieces, seen = { { data = task:get_content(), start = MESSAGE_START } }, {}
  for _, part in ipairs(task:get_parts() or {}) do
    local data = not part:is_multipart() and part:get_content() or nil
    local digest = data and part:get_digest()
    if data and #data > 0 and not seen[digest] then
      seen[digest] = true
      pieces[#pieces + 1] = { data = data }
    end
  end
  return pieces
end

-- Archives whose list of contents already says that they can't be scanned.
local function closed_archive(task)
  for _, part in ipairs(task:get_parts() or {}) do
    local archive = part:get_archive()
    if archive then
      if archive:is_encrypted() then
        return ENCRYPTED, 'encrypted ' .. archive:get_type()
      end
      local total = 0
      for _, file in ipairs(archive:get_files_full() or {}) do
        total = total + (tonumber(file.uncompressed_size) or 0)
      end
      if total > casier.options.unpacked_bytes then
        return TOO_DEEP, string.format('%s unpacks to %d bytes', archive:get_type(), total)
      end
    end
  end
  return nil
end

local function scan(task)
  local text, facts = closed_archive(task)
  if text then
    return casier.refuse(task, text, facts)
  end
  local pieces = pieces_of(task)
  if #pieces > MOST_PARTS then
    return casier.refuse(task, TOO_DEEP, #pieces .. ' parts')
  end
  local function scan_from(at)
    if not pieces[at] then
      task:insert_result('CASIER_CLEAN', 0.0)
      return
    end
    send(task, pieces[at], TRIES, function() scan_from(at + 1) end)
  end
  scan_from(1)
end

local id = rspamd_config:register_symbol({
  name = 'CASIER_SCAN',
  type = 'prefilter',
  priority = 8,
  group = 'casier',
  callback = function(task)
    if not task:has_pre_result() then
      scan(task)
    end
  end,
})
rspamd_config:register_symbol({ name = 'CASIER_CLEAN', type = 'virtual', parent = id, group = 'casier' })

-- The last word: no proof, no passage.
rspamd_config:register_symbol({
  name = 'CASIER_SCAN_PROOF',
  type = 'postfilter',
  priority = 8,
  group = 'casier',
  callback = function(task)
    if not task:has_symbol('CASIER_CLEAN') and not casier.held(task) then
      casier.wait(task, LATER, 'no verdict')
    end
  end,
})
