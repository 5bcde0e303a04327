-- Reading the addresses of a header (RFC 5322 §3.4). Stricter than a mail program: what could be read in two
-- ways is not read at all, because the reader's program may choose the other way.

local casier = rspamd_plugins.casier

local SPECIALS = '[()<>@,;:\\"%[%]]'

local function skip_comment(text, at)
  local depth = 0
  while at <= #text do
    local char = text:sub(at, at)
    if char == '\\' then
      at = at + 1
    elseif char == '(' then
      depth = depth + 1
    elseif char == ')' then
      depth = depth - 1
      if depth == 0 then
        return at + 1
      end
    end
    at = at + 1
  end
  return nil
end

local function read_quoted(text, at)
  local from = at
  at = at + 1
  while at <= #text do
    local char = text:sub(at, at)
    if char == '\\' then
      at = at + 1
    elseif char == '"' then
      return text:sub(from, at), at + 1
    end
    at = at + 1
  end
  return nil
end

local function read_token(text, at)
  local char = text:sub(at, at)
  if char == '"' then
    local value, after = read_quoted(text, at)
    return value and { kind = 'quoted', value = value }, after
  end
  if char == '[' then
    local value = text:match('^%[[^%[%]\\%s]*%]', at)
    return value and { kind = 'literal', value = value }, value and at + #value
  end
  if char:match(SPECIALS) then
    if char == '\\' or char == ')' or char == ']' then
      return nil
    end
    return { kind = char, value = char }, at + 1
  end
  local value = text:match('^[^%s()<>@,;:\\"%[%]]+', at)
  return value and { kind = 'atom', value = value }, value and at + #value
end

-- The tokens of TEXT, each knowing whether white space or a comment stood before it; nil where it can't be read.
local function tokens_of(text)
  local tokens, at, apart = {}, 1, false
  while at <= #text do
    local char = text:sub(at, at)
    if char:match('%s') then
      at, apart = at + 1, true
    elseif char == '(' then
      at, apart = skip_comment(text, at), true
    else
      local token
      token, at = read_token(text, at)
      if not token then
        return nil
      end
      token.apart, apart = apart, false
      tokens[#tokens + 1] = token
    end
    if not at then
      return nil
    end
  end
  return tokens
end

-- local part "@" domain, written without a gap; nil for anything else.
local function address_in(tokens, from, to)
  if to - from ~= 2 or tokens[from + 1].kind ~= '@' then
    return nil
  end
  local name, domain = tokens[from], tokens[to]
  if tokens[from + 1].apart or domain.apart then
    return nil
  end
  if name.kind ~= 'atom' and name.kind ~= 'quoted' then
    return nil
  end
  if domain.kind ~= 'atom' and domain.kind ~= 'literal' then
    return nil
  end
  return (name.value .. '@' .. domain.value):lower()
end

local ENDS = { [','] = true, [';'] = true }
local IN_NAME = { atom = true, quoted = true, ['@'] = true }

-- One mailbox from FROM on: its address and the place after it.
local function read_mailbox(tokens, from)
  local at = from
  while tokens[at] and IN_NAME[tokens[at].kind] or (tokens[at] and tokens[at].kind == 'literal') do
    at = at + 1
  end
  if not tokens[at] or ENDS[tokens[at].kind] then
    return address_in(tokens, from, at - 1), at
  end
  if tokens[at].kind ~= '<' then
    return nil
  end
  local address = tokens[at + 4] and tokens[at + 4].kind == '>' and address_in(tokens, at + 1, at + 3)
  local after = at + 5
  if not address or (tokens[after] and not ENDS[tokens[after].kind]) then
    return nil
  end
  return address, after
end

-- Step over the name and colon of a group; the same place where there is none.
local function after_group_name(tokens, from)
  local at = from
  while tokens[at] and (tokens[at].kind == 'atom' or tokens[at].kind == 'quoted') do
    at = at + 1
  end
  if at > from and tokens[at] and tokens[at].kind == ':' then
    return at + 1
  end
  return from
end

-- Every address of a From-like header, in lower case; nil where it can't be read without doubt.
function casier.addresses_of(text)
  if text:find('[%z\1-\8\11\12\14-\31\127]') then
    return nil
  end
  local tokens = tokens_of(text)
  if not tokens then
    return nil
  end
  local found, at = {}, 1
  while tokens[at] do
    at = after_group_name(tokens, at)
    if tokens[at] and not ENDS[tokens[at].kind] then
      local address
      address, at = read_mailbox(tokens, at)
      if not address then
        return nil
      end
      found[#found + 1] = address
    end
    if tokens[at] then
      at = at + 1
    end
  end
  return found
end

-- What looks like an address anywhere in TEXT, also in a name shown to the reader: most programs show the name only.
function casier.lookalikes_in(text)
  local found = {}
  text = text:gsub('\239\188\160', '@'):gsub('\239\185\171', '@') -- the wide and the small "at"
  for token in text:gmatch('[^%s<>(),;:"%[%]\\]+@[^%s<>(),;:"%[%]\\@]+') do
    local name, domain = token:match("^'*(.-)@(.-)[.']*$")
    if name ~= '' and domain:find('.', 2, true) then
      found[#found + 1] = (name .. '@' .. domain):lower()
    end
  end
  return found
end
