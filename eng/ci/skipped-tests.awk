# Lists the tests of .trx files that did not run, each with its reason.
function decode(text) {
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text)
  gsub(/&#xD;|\r/, "", text)
  gsub(/&#xA;|\n/, " ", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

BEGIN { RS = "<UnitTestResult " }

FNR > 1 && /outcome="NotExecuted"/ {
  name = "?"
  if (match($0, /testName="[^"]*"/))
    name = substr($0, RSTART + 10, RLENGTH - 11)
  reason = "no reason given"
  if (match($0, /<Message>[^<]*/))
    reason = substr($0, RSTART + 9, RLENGTH - 9)
  else if (match($0, /<StdOut>[^<]*/))
    reason = substr($0, RSTART + 8, RLENGTH - 8)
  print "  " decode(name) ": " decode(reason)
  found++
}

END { if (!found) print "  none" }
