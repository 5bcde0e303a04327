-- What is marked sensitive carries no files, whatever program wrote it: files go by a link that asks who one is.
-- The mark is the header Sensitivity (RFC 2156 §2.3.3), as mail programs write it. The text and its pictures may
-- pass, and what is encrypted for its reader, which is safer still.

local casier = rspamd_plugins.casier
local logger = require "rspamd_logger"

local REFUSED = 'Message marque sensible : envoyez ses fichiers par lien securise'
  .. ' / Marked sensitive: send its files by secured link'

-- Said of what is nobody's secret. Any other word was meant as a warning, known to us or not.
local HARMLESS = { [''] = true, ['normal'] = true, ['personal'] = true }
local ENCRYPTED = { ['multipart/encrypted'] = true, ['application/pkcs7-mime'] = true, ['application/x-pkcs7-mime'] = true }
local SIGNATURES = {
  ['application/pgp-signature'] = true,
  ['application/pkcs7-signature'] = true,
  ['application/x-pkcs7-signature'] = true,
}
local TEXTS = { ['text/plain'] = true, ['text/html'] = true, ['text/enriched'] = true, ['text/calendar'] = true }

local function is_marked(task)
  for _, header in ipairs(task:get_header_full('Sensitivity') or {}) do
    local word = tostring(header.decoded or header.value or ''):lower():gsub('%b()', ''):gsub('%s+', '')
    if not HARMLESS[word] then
      return true
    end
  end
  return false
end

-- Whether the whole of it is closed for all but its reader.
local function is_encrypted(task)
  local whole = tostring(task:get_header('Content-Type') or ''):match('^%s*([^%s;]*)')
  return ENCRYPTED[whole:lower()] == true
end

local function is_attached(part)
  local disposition = tostring(part:get_header('Content-Disposition') or '')
  return disposition:lower():match('^%s*attachment') ~= nil
end

-- A text, a picture that the text shows, a signature: anything else is a file.
local function is_file(part)
  if part:is_multipart() then
    return false
  end
  local kind, of = part:get_type()
  local name = (tostring(kind or '') .. '/' .. tostring(of or '')):lower()
  if SIGNATURES[name] then
    return false
  end
  if is_attached(part) then
    return true
  end
  if TEXTS[name] then
    return part:get_filename() ~= nil
  end
  return not (name:find('^image/') and part:get_header('Content-ID'))
end

local function carries_files(task)
  for _, part in ipairs(task:get_parts() or {}) do
    if is_file(part) then
      return true
    end
  end
  return false
end

rspamd_config:register_symbol({
  name = 'CASIER_SENSITIVE',
  type = 'prefilter',
  priority = 9,
  group = 'casier',
  callback = function(task)
    if casier.of_people(casier.road(task)) and is_marked(task) and not is_encrypted(task) and carries_files(task) then
      casier.refuse(task, REFUSED, 'sensitive, with files')
    end
  end,
})
logger.infox(rspamd_config, 'casier: what is sensitive carries no files')
