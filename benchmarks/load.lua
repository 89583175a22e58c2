-- For wrk: sends the requests of LOAD_FILE over all connections, none of them twice, and prints one line of JSON once
-- LOAD_COUNT were answered. The file holds more than that, as the connections go on until wrk is stopped.
-- A record of the file: the number of octets in decimal, a newline, and the octets of one HTTP request.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int which, moment *at);
]]

local requests, sent, answered, wrong, began = {}, 0, 0, 0, nil
local wanted, count = os.getenv("LOAD_STATUS"), tonumber(os.getenv("LOAD_COUNT"))

local function now()
  local at = ffi.new("moment")
  ffi.C.clock_gettime(1, at)
  return tonumber(at.seconds) + tonumber(at.nanoseconds) / 1e9
end

-- wrk would first open a connection and say nothing, to see whether somebody is there. `openssl ocsp` dies of that.
function wrk.resolve(host, service)
  wrk.addrs = wrk.lookup(host, service)
end

function init(args)
  local file = assert(io.open(os.getenv("LOAD_FILE"), "rb"))
  while true do
    local size = file:read("*l")
    if not size then break end
    requests[#requests + 1] = file:read(tonumber(size))
  end
  file:close()
end

function request()
  began = began or now()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]  -- wrk asks once before it begins
end

function response(status)
  answered = answered + 1
  if tostring(status) ~= wanted then wrong = wrong + 1 end
  if answered == count then
    io.write(string.format('{"answered": %d, "wrong": %d, "seconds": %.6f}\n', answered, wrong, now() - began))
    io.flush()
    wrk.thread:stop()
  end
end
